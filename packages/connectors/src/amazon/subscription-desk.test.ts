// What no simulator can be made to say: destinations that vanish under a subscription, rivals that never rest, refusals in
// Amazon's own words, and tokens of the application. Requests and answers are held against the official model where it is there.
import { existsSync, readFileSync } from "node:fs";

import { Ajv } from "ajv";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { MemoryTokenVault } from "../contract/testing/memory-token-vault.ts";
import { type Answer, type Asked, type Script, ScriptedVendor } from "../contract/testing/scripted-vendor.ts";
import { amazon } from "./connector.ts";
import * as wire from "./wire.ts";

const MODEL = new URL(
  "../../../../../shared/references/amazon-sp-api/models/notifications.json",
  import.meta.url,
);
const MISSING = "Amazon's official models are not beside the repository (../shared/references/amazon-sp-api)";

const ARN = "arn:aws:sqs:us-east-1:123456789012:orders";
const queueUrl = "https://sqs.us-east-1.amazonaws.com/123456789012/orders";

let now: number;
let vendor: ScriptedVendor;

beforeEach(async () => {
  now = Date.parse("2026-11-23T10:10:00Z");
  vendor = await ScriptedVendor.open();
  vendor.token = ({ body }, nth) => {
    const whose = body.includes("client_credentials") ? "app" : "seller";
    return [200, { access_token: `Atza|${whose}-${nth}`, token_type: "bearer", expires_in: 3600 }];
  };
});
afterEach(() => vendor.close());

function open() {
  const { baseUrl, tokenUrl } = vendor;
  const clock = { now: () => now };
  const opened = amazon.connect({
    connection: "amazon-us",
    settings: { baseUrl, tokenUrl, sellerId: "A3TH9S8BH6GOGM", marketplaceId: "ATVPDKIKX0DER", queueUrl },
    credentials: { clientId: "c", clientSecret: "s" },
    tokens: new MemoryTokenVault("Atzr|1", clock),
    clock,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

const keep = async (connector = open()) => connector.keepSubscription?.();

const failure = (status: number, details: string): Answer => [
  status,
  { errors: [{ code: status === 409 ? "Conflict" : "InvalidInput", message: "No.", details }] },
];
const destination = (destinationId: string, arn = ARN) => ({
  destinationId,
  name: "d",
  resource: { sqs: { arn } },
});
const subscription = (destinationId: string, more: object = {}) => ({
  subscriptionId: `to-${destinationId}`,
  payloadVersion: "1.0",
  destinationId,
  ...more,
});

const operationOf = ({ method, target }: Asked): string => {
  const [, kind = "", ...names] = target.split("?")[0]?.split("/v1/")[1]?.split("/") ?? [];
  const what = target.includes("/destinations") ? "destination" : "subscription";
  const isOne = what === "destination" ? kind !== "" : names.length > 0;
  return `${method} ${what}${isOne ? " by id" : ""}`;
};

/** Answers by what is asked; what is not told is answered as if there were nothing. */
function script(answers: Readonly<Record<string, Answer | Script>>): void {
  vendor.api = (call, nth) => {
    const answer = answers[operationOf(call)] ?? failure(404, "");
    return typeof answer === "function" ? answer(call, nth) : answer;
  };
}

const asked = () => vendor.calls.map(operationOf);
const made: Answer = [200, { payload: subscription("d2") }];

describe("a subscription", () => {
  it("whose destination is gone gets a new one before it is removed", async () => {
    script({
      "GET subscription": [200, { payload: subscription("d1") }],
      "GET destination by id": failure(404, ""),
      "GET destination": [200, { payload: [destination("d9", `${ARN}-other`)] }],
      "POST destination": [200, { payload: destination("d2") }],
      "DELETE subscription by id": [200, {}],
      "POST subscription": made,
    });
    expect(await keep()).toMatchObject({ ok: true, value: { mended: "its destination was gone" } });
    expect(asked()).toEqual([
      "GET subscription",
      "GET destination by id",
      "GET destination",
      "POST destination",
      "DELETE subscription by id",
      "POST subscription",
    ]);
    expect(JSON.parse(vendor.calls.at(-1)?.body ?? "")).toMatchObject({ destinationId: "d2" });
  });

  it("is not removed where no destination can be made for the next", async () => {
    script({
      "GET subscription": [200, { payload: subscription("d1") }],
      "GET destination by id": [200, { payload: destination("d1", `${ARN}-other`) }],
      "GET destination": [200, { payload: [] }],
      "POST destination": failure(400, "Queue cannot be used."),
    });
    const kept = await keep();
    expect(kept).toMatchObject({ ok: false, error: { kind: "rejected", code: "InvalidInput" } });
    const message = kept?.ok === false ? kept.error.message : "";
    for (const word of [
      "Queue cannot be used.",
      "437568002678",
      "sqs:SendMessage",
      "sqs:GetQueueAttributes",
      ARN,
    ])
      expect(message).toContain(word);
    expect(asked()).not.toContain("DELETE subscription by id");
  });

  it.each([
    ["404", failure(404, "")],
    ["400", failure(400, "No destination with id d1 for applicationId amzn1.sp.solution.1")],
  ])("is made for another destination when its own vanishes meanwhile (%s)", async (_, vanished) => {
    script({
      "GET destination": () => [200, { payload: [destination(vendor.calls.length > 3 ? "d2" : "d1")] }],
      "POST subscription": ({ body }) => (body.includes("d1") ? vanished : made),
    });
    expect(await keep()).toMatchObject({ ok: true, value: { subscriptionId: "to-d2" } });
  });

  it("that somebody else makes at the same time is taken as it stands", async () => {
    script({
      "GET subscription": (_, nth) => (nth === 1 ? failure(404, "") : made),
      "GET destination by id": [200, { payload: destination("d2") }],
      "GET destination": [200, { payload: [destination("d2")] }],
      "POST subscription": failure(409, "It exists."),
    });
    expect(await keep()).toMatchObject({ ok: true, value: { subscriptionId: "to-d2" } });
  });

  it.each(["POST subscription", "POST destination"])(
    "that rivals never leave alone is given up for now, within the burst of every operation (%s)",
    async (contended) => {
      script({
        "GET destination": [200, { payload: contended === "POST destination" ? [] : [destination("d2")] }],
        [contended]: failure(409, "It is there already."),
      });
      expect(await keep()).toMatchObject({
        ok: false,
        error: { kind: "transient", message: expect.stringContaining("It is there already.") },
      });
      for (const calls of Map.groupBy(asked(), (operation) => operation).values())
        expect(calls.length).toBeLessThanOrEqual(amazon.capability.subscription?.limit.burst ?? 0);
    },
  );

  it.each([
    [{ payloadVersion: "2.0" }, /^it spoke version 2.0$/],
    [{ processingDirective: { filterExpression: "a == 1" } }, /^it was filtered/],
  ])("that says %j is made anew", async (more, mended) => {
    script({
      "GET subscription": [200, { payload: subscription("d2", more) }],
      "GET destination by id": [200, { payload: destination("d2") }],
      "GET destination": [200, { payload: [destination("d2")] }],
      "DELETE subscription by id": failure(404, ""),
      "POST subscription": made,
    });
    expect(await keep()).toMatchObject({ ok: true, value: { mended: expect.stringMatching(mended) } });
  });

  it("is not touched while Amazon is overloaded or stumbles", async () => {
    for (const [status, kind] of [
      [429, "throttled"],
      [503, "transient"],
    ] as const) {
      script({ "GET subscription": failure(status, "") });
      expect(await keep()).toMatchObject({ ok: false, error: { kind } });
      script({
        "GET subscription": [200, { payload: subscription("d1") }],
        "GET destination by id": failure(status, ""),
      });
      expect(await keep()).toMatchObject({ ok: false, error: { kind } });
    }
    expect(new Set(asked())).toEqual(new Set(["GET subscription", "GET destination by id"]));
  });
});

describe("the application's own token", () => {
  const tokenOf = (call: Asked | undefined) => String(call?.headers["x-amz-access-token"]);
  const standing = {
    "GET subscription": [200, { payload: subscription("d1") }],
    "GET destination by id": [200, { payload: destination("d1") }],
  } as const;

  it("is asked for by scope, serves what needs no seller, and is kept until its end", async () => {
    script(standing);
    const connector = open();
    await keep(connector);
    await keep(connector);
    expect(vendor.calls.map(tokenOf)).toEqual(["Atza|seller-1", "Atza|app-2", "Atza|seller-1", "Atza|app-2"]);
    expect(Object.fromEntries(new URLSearchParams(vendor.tokenCalls[1]?.body))).toEqual({
      grant_type: "client_credentials",
      scope: "sellingpartnerapi::notifications",
      client_id: "c",
      client_secret: "s",
    });
    now += 3_600_000;
    await keep(connector);
    expect(tokenOf(vendor.calls.at(-1))).toBe("Atza|app-4");
  });

  it("is renewed once when it is refused", async () => {
    const refused: Answer = [
      403,
      { errors: [{ code: "Unauthorized", details: "The access token has expired." }] },
    ];
    script({
      ...standing,
      "GET destination by id": (call) =>
        tokenOf(call) === "Atza|app-2" ? refused : standing["GET destination by id"],
    });
    expect(await keep()).toMatchObject({ ok: true });
    expect(vendor.tokenCalls).toHaveLength(3);
  });

  it("that is not granted is told, and nothing is changed", async () => {
    vendor.token = ({ body }) =>
      body.includes("client_credentials")
        ? [400, { error: "invalid_scope", error_description: "No such scope." }]
        : [200, { access_token: "Atza|1", expires_in: 3600 }];
    script(standing);
    expect(await keep()).toMatchObject({ ok: false, error: { kind: "auth", code: "invalid_scope" } });
    expect(asked()).toEqual(["GET subscription"]);
  });
});

describe("the official model", () => {
  interface Model {
    readonly definitions: Record<string, object>;
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  }
  interface Operation {
    readonly operationId?: string;
    readonly responses: Readonly<
      Record<string, { "x-amzn-api-sandbox"?: { static?: readonly { response: unknown }[] } }>
    >;
  }

  function modelOr(skip: (note: string) => never): Model {
    if (!existsSync(MODEL)) skip(MISSING);
    return JSON.parse(readFileSync(MODEL, "utf8")) as Model;
  }

  it("describes what we send", async ({ skip }) => {
    const { definitions } = modelOr(skip);
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
    script({
      "GET destination": [200, { payload: [] }],
      "POST destination": [200, { payload: destination("d2") }],
      "POST subscription": made,
    });
    expect(await keep()).toMatchObject({ ok: true });
    const sent = vendor.calls.filter(({ method }) => method === "POST");
    expect(sent.map(({ target }) => target)).toEqual([
      "/api/notifications/v1/destinations",
      "/api/notifications/v1/subscriptions/ORDER_CHANGE",
    ]);
    for (const [nth, name] of ["CreateDestinationRequest", "CreateSubscriptionRequest"].entries()) {
      const validate = ajv.compile({ definitions, $ref: `#/definitions/${name}` });
      validate(JSON.parse(sent[nth]?.body ?? ""));
      expect(validate.errors).toBeNull();
    }
  });

  it.for([
    ["getDestinations", wire.destinationsSchema],
    ["getDestination", wire.destinationAnswerSchema],
    ["createDestination", wire.destinationAnswerSchema],
    ["getSubscription", wire.subscriptionAnswerSchema],
    ["createSubscription", wire.subscriptionAnswerSchema],
  ] as const)("has examples that are read: %s", ([id, schema], { skip }) => {
    const operations = Object.values(modelOr(skip).paths).flatMap((methods) => Object.values(methods));
    const operation = operations.find(({ operationId }) => operationId === id);
    const examples = operation?.responses["200"]?.["x-amzn-api-sandbox"]?.static ?? [];
    expect(examples.length).toBeGreaterThan(0);
    for (const { response } of examples) expect(schema.safeParse(response)).toMatchObject({ success: true });
  });
});
