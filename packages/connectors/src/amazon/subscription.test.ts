// Keeping a subscription against a marketplace that answers: made, left alone, and mended however it was broken.
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Connector } from "../contract/connector.ts";
import { MemoryTokenVault } from "../contract/testing/memory-token-vault.ts";
import { type SimulatorProcess, startSimulator } from "../contract/testing/simulator-process.ts";
import { amazon } from "./connector.ts";

interface Described {
  readonly sqs: { readonly region: string; readonly accountId: string };
  readonly accounts: readonly {
    readonly account: string;
    readonly sellerId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly refreshToken: string;
  }[];
}

interface Subscribed {
  readonly subscriptionId: string;
  readonly account: string;
  readonly type: string;
  readonly destinationId: string;
  readonly processingDirective: { readonly eventFilter: Readonly<Record<string, unknown>> };
}

const [US, CANADA] = ["ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"];
const clock = { now: () => Date.now() };

const SELLER = "shop";
let simulator: SimulatorProcess;
let described: Described;

beforeEach(async () => {
  simulator = await startSimulator("amazon", 7);
  await simulator.control("PUT", "/_sim/settings", {
    notificationLatencyMs: { min: 0, max: 0 },
    limits: { factor: 1_000 },
  });
  const listings = [{ listing: "KB-M", availableQuantity: 40 }];
  const account = { account: SELLER, marketplaceIds: [US, CANADA], subscriptions: [], listings };
  await simulator.control("PUT", "/_sim/accounts", { accounts: [account] });
  described = (await simulator.control("GET", "/_sim/accounts")) as unknown as Described;
});
afterEach(() => simulator.stop());

function keys() {
  const found = described.accounts.find(({ account }) => account === SELLER);
  if (found === undefined) throw new Error("the simulator has the account");
  return found;
}

const arnOf = (queue: string) => `arn:aws:sqs:${described.sqs.region}:${described.sqs.accountId}:${queue}`;

function open(settings: object = {}, queue = "orders"): Connector {
  const { sellerId, clientId, clientSecret, refreshToken } = keys();
  const { url: baseUrl, tokenUrl } = simulator;
  const { region: queueRegion, accountId } = described.sqs;
  const address = { queueUrl: `${baseUrl}/${accountId}/${queue}`, queueRegion };
  const opened = amazon.connect({
    connection: "amazon-us",
    settings: { baseUrl, tokenUrl, sellerId, marketplaceId: US, ...address, ...settings },
    credentials: { clientId, clientSecret },
    tokens: new MemoryTokenVault(refreshToken, clock),
    clock,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

const keep = async (connector = open()) => connector.keepSubscription?.();

async function subscriptions(): Promise<Subscribed[]> {
  const report = await simulator.control("GET", "/_sim/notifications");
  const all = report["subscriptions"] as Subscribed[];
  return all.filter(({ account }) => account === SELLER);
}

async function tokenOf(grant: Record<string, string>): Promise<string> {
  const { clientId, clientSecret } = keys();
  const body = new URLSearchParams({ ...grant, client_id: clientId, client_secret: clientSecret });
  const answer = await fetch(simulator.tokenUrl, { method: "POST", body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** Somebody else with the same application, behind our back. */
async function meddle(by: "app" | "seller", method: string, path: string, json?: object): Promise<unknown> {
  const scope = "sellingpartnerapi::notifications";
  const { refreshToken: refresh_token } = keys();
  const token = await tokenOf(
    by === "app"
      ? { grant_type: "client_credentials", scope }
      : { grant_type: "refresh_token", refresh_token },
  );
  const answer = await fetch(`${simulator.url}/notifications/v1${path}`, {
    method,
    headers: { "x-amz-access-token": token, "content-type": "application/json", "user-agent": "a/1" },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  expect(answer.status, `${method} ${path}`).toBe(200);
  return ((await answer.json()) as { payload?: unknown }).payload;
}

const destinations = async () =>
  (await meddle("app", "GET", "/destinations")) as {
    destinationId: string;
    resource: { sqs: { arn: string } };
  }[];

/** The arrivals in the queue so far, of everybody. */
async function queued(): Promise<number> {
  const report = await simulator.control("GET", "/_sim/notifications");
  return (report["counts"] as { queued: number }).queued;
}

async function expectOneInto(queue: string): Promise<Subscribed> {
  const [standing, ...others] = await subscriptions();
  expect(others).toEqual([]);
  const led = (await destinations()).filter(({ destinationId }) => destinationId === standing?.destinationId);
  expect(led).toMatchObject([{ resource: { sqs: { arn: arnOf(queue) } } }]);
  if (standing === undefined) throw new Error("there is a subscription");
  return standing;
}

it("is made with its destination where there is none", async () => {
  expect(await keep()).toMatchObject({
    ok: true,
    value: { topic: "ORDER_CHANGE", queue: arnOf("orders"), mended: "there was none" },
  });
  const standing = await expectOneInto("orders");
  expect(standing.processingDirective.eventFilter).toEqual({
    eventFilterType: "ORDER_CHANGE",
    orderChangeTypes: ["OrderStatusChange", "BuyerRequestedChange"],
  });
});

it("brings sales into a queue whose policy lets Amazon in, by a destination that was there", async () => {
  const before = await destinations();
  expect(await keep(open({}, "sp-api-notifications"))).toMatchObject({ ok: true });
  await expectOneInto("sp-api-notifications");
  expect(await destinations()).toEqual(before);
  const queuedBefore = await queued();
  await simulator.control("POST", "/_sim/orders", { account: SELLER, listing: "KB-M", quantity: 1 });
  await expect.poll(queued).toBeGreaterThan(queuedBefore);
});

it("is left as it is where all is well, by us and by a second connection of the same seller", async () => {
  await keep();
  const standing = await expectOneInto("orders");
  for (const connector of [open(), open({ marketplaceId: CANADA })])
    expect(await keep(connector)).toMatchObject({
      ok: true,
      value: { subscriptionId: standing.subscriptionId, mended: null },
    });
  expect(await subscriptions()).toEqual([standing]);
});

it("is made by two processes at once, and stands once", async () => {
  const kept = await Promise.all([open(), open(), open({ marketplaceId: CANADA })].map((one) => keep(one)));
  const standing = await expectOneInto("orders");
  for (const one of kept)
    expect(one).toMatchObject({ ok: true, value: { subscriptionId: standing.subscriptionId } });
  expect((await destinations()).filter(({ resource }) => resource.sqs.arn === arnOf("orders"))).toHaveLength(
    1,
  );
});

describe("what was broken behind our back is mended:", () => {
  const broken: Readonly<Record<string, readonly [mended: RegExp, breaking: (now: Subscribed) => unknown]>> =
    {
      "the subscription is gone": [
        /^there was none$/,
        ({ subscriptionId: id }) => meddle("app", "DELETE", `/subscriptions/ORDER_CHANGE/${id}`),
      ],
      "the destination is gone too": [
        /^there was none$/,
        async ({ subscriptionId: id, destinationId }) => {
          await meddle("app", "DELETE", `/subscriptions/ORDER_CHANGE/${id}`);
          await meddle("app", "DELETE", `/destinations/${destinationId}`);
        },
      ],
      "it leads elsewhere": [/^it led to .+:elsewhere$/, (now) => replace(now, {}, "elsewhere")],
      "it leaves our marketplace out": [
        /^it left out the marketplace ATVPDKIKX0DER$/,
        (now) => replace(now, { marketplaceIds: [CANADA] }),
      ],
      "it leaves out requests to cancel": [
        /^it left out BuyerRequestedChange$/,
        (now) => replace(now, { orderChangeTypes: ["OrderStatusChange"] }),
      ],
    };

  async function replace(
    { subscriptionId: id, destinationId: now }: Subscribed,
    filter: object,
    queue?: string,
  ) {
    await meddle("app", "DELETE", `/subscriptions/ORDER_CHANGE/${id}`);
    const sqs = { arn: arnOf(queue ?? "") };
    const made =
      queue === undefined
        ? { destinationId: now }
        : await meddle("app", "POST", "/destinations", { name: queue, resourceSpecification: { sqs } });
    const { destinationId } = made as { destinationId: string };
    const eventFilter = { eventFilterType: "ORDER_CHANGE", ...filter };
    const wish = { payloadVersion: "1.0", destinationId, processingDirective: { eventFilter } };
    await meddle("seller", "POST", "/subscriptions/ORDER_CHANGE", wish);
  }

  it.each(Object.entries(broken))("%s", async (_, [mended, breaking]) => {
    await keep();
    const [before] = await subscriptions();
    if (before === undefined) throw new Error("there is a subscription to break");
    await breaking(before);
    // Two at once: each may remove what the other finds, and neither what the other has made.
    const kept = await Promise.all([keep(), keep(open())]);
    const standing = await expectOneInto("orders");
    expect(standing.subscriptionId).not.toBe(before.subscriptionId);
    const { subscriptionId } = standing;
    for (const one of kept) expect(one).toMatchObject({ ok: true, value: { subscriptionId } });
    expect(kept.some((one) => one?.ok === true && mended.test(one.value.mended ?? ""))).toBe(true);
    expect(await keep()).toMatchObject({ ok: true, value: { subscriptionId, mended: null } });
  });
});

it("follows the settings to another queue, by its address or its ARN", async () => {
  await keep();
  expect(await keep(open({}, "second"))).toMatchObject({ ok: true, value: { queue: arnOf("second") } });
  await expectOneInto("second");
  const queueArn = arnOf("third");
  expect(await keep(open({ queueArn }))).toMatchObject({ ok: true, value: { queue: queueArn } });
  await expectOneInto("third");
});

it("is not asked for where the settings name no queue, and says what is wrong with one", async () => {
  expect(open({ queueUrl: undefined })).not.toHaveProperty("keepSubscription");
  for (const [settings, name] of [
    [{ queueRegion: undefined }, "queueArn"],
    [{ queueUrl: "http://127.0.0.1:1/" }, "queueArn"],
    [{ queueArn: "arn:aws:sns:us-east-1:1:x" }, "queueArn"],
    [{ queueArn: arnOf("orders.fifo") }, "FIFO"],
  ] as const)
    expect(await keep(open(settings))).toMatchObject({
      ok: false,
      error: { kind: "auth", code: "wrong_settings", message: expect.stringContaining(name) },
    });
  expect(await subscriptions()).toEqual([]);
});
