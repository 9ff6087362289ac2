// The connector over real HTTP: what it asks, and what it makes of answers that a script gives. The battery against the
// simulator is in scenarios/battery.
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { MemoryTokenVault } from "../contract/testing/memory-token-vault.ts";
import { type Answer, type Asked, ScriptedVendor } from "../contract/testing/scripted-vendor.ts";
import { amazon } from "./connector.ts";
import rawListing from "./fixtures/listing.json" with { type: "json" };
import rawOrder from "./fixtures/order.json" with { type: "json" };

const NOW = Date.parse("2026-11-23T10:10:00Z");
const GRANT = { access_token: "Atza|1", token_type: "bearer", expires_in: 3600 };
const HOME = "/api/listings/2021-08-01/items/A3TH9S8BH6GOGM";

const limits: [string, number][] = [];
let vendor: ScriptedVendor;

beforeEach(async () => {
  limits.length = 0;
  vendor = await ScriptedVendor.open();
  vendor.token = () => [200, GRANT];
});

afterEach(() => vendor.close());

function connect() {
  const { baseUrl, tokenUrl } = vendor;
  const clock = { now: () => NOW };
  const opened = amazon.connect({
    connection: "amazon-us",
    settings: { baseUrl, tokenUrl, sellerId: "A3TH9S8BH6GOGM", marketplaceId: "ATVPDKIKX0DER" },
    credentials: { clientId: "amzn1.application-oa2-client.1", clientSecret: "s" },
    tokens: new MemoryTokenVault("Atzr|1", clock),
    clock,
    noteLimit: (budget, perMinute) => limits.push([budget, perMinute]),
  });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

const pathOf = ({ target }: Asked) => target.split("?")[0];
const queryOf = ({ target }: Asked) => Object.fromEntries(new URL(`http://x${target}`).searchParams);
const denied = (details: string): Answer => [
  403,
  { errors: [{ code: "Unauthorized", message: "Access to requested resource is denied.", details }] },
];
const EXPIRED = denied("The access token you provided has expired.");

describe("a call", () => {
  it("carries the token in its header, and says who asks", async () => {
    vendor.api = () => [200, { order: rawOrder }];
    expect(await connect().fetchOrder(rawOrder.orderId)).toMatchObject({ ok: true });
    const [exchange, call] = vendor.asked;
    expect(exchange).toMatchObject({
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" },
    });
    expect(Object.fromEntries(new URLSearchParams(exchange?.body))).toEqual({
      grant_type: "refresh_token",
      refresh_token: "Atzr|1",
      client_id: "amzn1.application-oa2-client.1",
      client_secret: "s",
    });
    expect(call?.headers).toMatchObject({
      "x-amz-access-token": "Atza|1",
      "user-agent": expect.stringMatching(/^\S+\/\S+ \(Language=\w+\)$/),
    });
    expect(call?.target).toBe(
      `/api/orders/2026-01-01/orders/${rawOrder.orderId}?includedData=FULFILLMENT%2CCANCELLATION`,
    );
  });

  it("is tried once more with a new token when the old one is refused, and only once", async () => {
    vendor.api = (_, nth) => (nth === 1 ? EXPIRED : [200, { order: rawOrder }]);
    expect(await connect().fetchOrder(rawOrder.orderId)).toMatchObject({ ok: true });
    expect(vendor.calls).toHaveLength(2);
    vendor.api = () => EXPIRED;
    expect(await connect().fetchOrder(rawOrder.orderId)).toMatchObject({
      ok: false,
      error: { kind: "auth" },
    });
    expect(vendor.calls).toHaveLength(4);
  });

  it("that is refused without a reason is tried with a new token once in a while, and concerns nothing else", async () => {
    vendor.api = () => denied("");
    const connector = connect();
    for (const expected of [2, 3, 4]) {
      expect(await connector.fetchOrder(rawOrder.orderId)).toMatchObject({
        ok: false,
        error: { kind: "rejected", isOnlyThis: true },
      });
      expect(vendor.calls).toHaveLength(expected);
    }
  });

  it("keeps the refresh token where the answer brings none, and takes the new one where it does", async () => {
    vendor.token = (_, nth) => [
      200,
      { ...GRANT, access_token: `Atza|${nth}`, ...(nth === 2 ? { refresh_token: "Atzr|2" } : {}) },
    ];
    vendor.api = (_, nth) => (nth % 2 === 1 ? EXPIRED : [200, { order: rawOrder }]);
    const connector = connect();
    for (let nth = 0; nth < 2; nth++)
      expect(await connector.fetchOrder(rawOrder.orderId)).toMatchObject({ ok: true });
    const spent = vendor.tokenCalls.map(({ body }) => new URLSearchParams(body).get("refresh_token"));
    expect(spent).toEqual(["Atzr|1", "Atzr|1", "Atzr|2"]);
  });

  it("says that the account is not connected any more", async () => {
    vendor.token = () => [400, { error: "invalid_grant", error_description: "revoked" }];
    expect(await connect().fetchOrder(rawOrder.orderId)).toMatchObject({
      ok: false,
      error: { kind: "auth", code: "invalid_grant" },
    });
    expect(vendor.calls).toEqual([]);
  });

  it("tells the rate that its answer names, and nothing where it names none", async () => {
    const rated = (rate: string): Answer => [200, { order: rawOrder }, { "x-amzn-RateLimit-Limit": rate }];
    vendor.api = (_, nth) => rated(["0.5", "", "x", "0"][nth - 1] ?? "");
    for (let nth = 0; nth < 4; nth++) await connect().fetchOrder(rawOrder.orderId);
    expect(limits).toEqual([["orders", 30]]);
  });

  it.each(["..", "1", "903-8868176-2219830/../1", ""])(
    "is not made for what is no order: %j",
    async (orderId) => {
      expect(await connect().fetchOrder(orderId)).toMatchObject({ ok: false, error: { kind: "rejected" } });
      expect(vendor.asked).toEqual([]);
    },
  );
});

describe("the account", () => {
  const participation = (id: string, isParticipating = true) =>
    [
      200,
      { payload: [{ marketplace: { id }, participation: { isParticipating, hasSuspendedListings: false } }] },
    ] as const;

  it("is one seller in one marketplace, and asked for once", async () => {
    vendor.api = () => participation("ATVPDKIKX0DER");
    const connector = connect();
    for (let nth = 0; nth < 2; nth++)
      expect(await connector.readAccountId()).toEqual({ ok: true, value: "A3TH9S8BH6GOGM:ATVPDKIKX0DER" });
    expect(vendor.calls.map(({ target }) => target)).toEqual(["/api/sellers/v1/marketplaceParticipations"]);
  });

  it.each([participation("A1AM78C64UM0Y8"), participation("ATVPDKIKX0DER", false)])(
    "that does not sell there is a wrong setting",
    async (...answer) => {
      vendor.api = () => answer as unknown as Answer;
      expect(await connect().readAccountId()).toMatchObject({
        ok: false,
        error: { kind: "auth", code: "wrong_settings", message: expect.stringContaining("marketplaceId") },
      });
    },
  );

  it("stays unchecked where the application lacks the role, and is asked for again where the call failed", async () => {
    vendor.api = () => denied("You do not have the role.");
    expect(await connect().readAccountId()).toMatchObject({ ok: true });
    vendor.api = () => [500, ""];
    expect(await connect().readAccountId()).toMatchObject({ ok: false, error: { kind: "transient" } });
  });
});

describe("the list of changed orders", () => {
  const from = NOW - 3_600_000;

  it("is asked for page by page, every parameter repeated, although the clock goes on", async () => {
    vendor.api = (_, nth) => [
      200,
      { orders: [rawOrder], ...(nth === 1 ? { pagination: { nextToken: "a b+c==" } } : {}) },
    ];
    const connector = connect();
    const first = await connector.listChangedOrders({ from, to: NOW - 600_000 });
    const page = first.ok ? first.value.nextPage : null;
    await connector.listChangedOrders({ from, ...(page === null ? {} : { page }) });
    const [one, two] = vendor.calls.map(queryOf);
    expect(one).toEqual({
      lastUpdatedAfter: "2026-11-23T09:10:00.000Z",
      lastUpdatedBefore: "2026-11-23T10:00:00.000Z",
      marketplaceIds: "ATVPDKIKX0DER",
      maxResultsPerPage: "100",
      includedData: "FULFILLMENT,CANCELLATION",
    });
    expect(two).toEqual({ ...one, paginationToken: "a b+c==" });
  });

  it.each([undefined, NOW, NOW - 60_000, from - 1])("up to %s leaves the end to Amazon", async (to) => {
    vendor.api = () => [200, { orders: [], pagination: { nextToken: "t" } }];
    const connector = connect();
    const page = await connector.listChangedOrders({ from, ...(to === undefined ? {} : { to }) });
    expect(page).toMatchObject({ ok: true, value: { nextPage: " t" } });
    await connector.listChangedOrders({ from, page: " t" });
    for (const call of vendor.calls) expect(queryOf(call)).not.toHaveProperty("lastUpdatedBefore");
  });
});

describe("listings", () => {
  const shows = (sku: string, quantity: number) => ({
    ...rawListing,
    sku,
    fulfillmentAvailability: [{ fulfillmentChannelCode: "DEFAULT", quantity }],
  });
  const missing: Answer = [404, { errors: [{ code: "NOT_FOUND", message: "SKU not found" }] }];

  it("are searched for in one call, and answered in the order asked, doubles included", async () => {
    vendor.api = () => [200, { numberOfResults: 2, items: [shows("B", 2), shows("A/1", 1)] }];
    const read = await connect().readListings(["A/1", "B", "", "A/1"]);
    expect(read.map((one) => (one.ok ? one.value.quantity : one.error.kind))).toEqual([1, 2, "rejected", 1]);
    const [call, ...others] = vendor.calls;
    expect(others).toEqual([]);
    expect([call?.method, call && pathOf(call), call && queryOf(call)]).toEqual([
      "GET",
      HOME,
      {
        marketplaceIds: "ATVPDKIKX0DER",
        identifiersType: "SKU",
        identifiers: "A/1,B",
        includedData: "summaries,fulfillmentAvailability,issues",
        pageSize: "20",
      },
    ]);
  });

  it("that the search does not show, or whose SKU has a comma, are asked for by name", async () => {
    vendor.api = ({ target }) => {
      if (target.includes("identifiers=")) return [200, { numberOfResults: 1, items: [shows("A", 1)] }];
      return target.startsWith(`${HOME}/c%2C1%20%23`) ? [200, shows("c,1 #", 3)] : missing;
    };
    const read = await connect().readListings(["A", "gone", "c,1 #"]);
    expect(read.map((one) => (one.ok ? one.value.quantity : one.error.kind))).toEqual([1, "not_found", 3]);
    expect(vendor.calls.map(pathOf)).toEqual([HOME, `${HOME}/gone`, `${HOME}/c%2C1%20%23`]);
  });

  it("are not asked for one by one when Amazon says too much", async () => {
    vendor.api = (_, nth) => (nth === 1 ? [200, { numberOfResults: 0, items: [] }] : [429, { errors: [] }]);
    const read = await connect().readListings(["A", "B", "C"]);
    expect(read.map((one) => (one.ok ? null : one.error.kind))).toEqual([
      "throttled",
      "throttled",
      "throttled",
    ]);
    expect(vendor.calls).toHaveLength(2);
    vendor.api = () => [503, ""];
    for (const one of await connect().readListings(["A", "B"]))
      expect(one).toMatchObject({ ok: false, error: { kind: "transient" } });
    expect(vendor.calls).toHaveLength(3);
  });

  it("of another name than asked for are no reading", async () => {
    vendor.api = () => [200, shows("A", 5)];
    expect(await connect().readListings(["A#1"])).toMatchObject([
      { ok: false, error: { kind: "transient" } },
    ]);
  });

  it("are written once they were read, and then without reading again", async () => {
    vendor.api = ({ method }) => [
      200,
      method === "GET" ? shows("A", 5) : { sku: "A", status: "ACCEPTED", submissionId: "1" },
    ];
    const connector = connect();
    for (const quantity of [3, 4])
      expect(await connector.pushQuantity({ externalId: "A", quantity })).toEqual({
        ok: true,
        value: { quantity: null },
      });
    expect(vendor.calls.map(({ method }) => method)).toEqual(["GET", "PATCH", "PATCH"]);
    expect(vendor.calls[1]?.headers["content-type"]).toBe("application/json");
  });

  it.each([
    ["that do not exist", missing, "not_found"],
    [
      "of Amazon's own stock",
      [
        200,
        {
          ...rawListing,
          sku: "A",
          fulfillmentAvailability: [{ fulfillmentChannelCode: "AMAZON_NA", quantity: 3 }],
        },
      ],
      "rejected",
    ],
    [
      "of Amazon's own stock, uncounted",
      [200, { ...rawListing, sku: "A", fulfillmentAvailability: [{ fulfillmentChannelCode: "AMAZON_NA" }] }],
      "rejected",
    ],
    ["that cannot be read now", [500, ""], "transient"],
  ] as const)("%s are not written: Amazon would accept it", async (_, answer, kind) => {
    vendor.api = () => answer;
    const connector = connect();
    for (let nth = 0; nth < 2; nth++) {
      const pushed = await connector.pushQuantity({ externalId: "A", quantity: 1 });
      expect(pushed).toMatchObject({ ok: false, error: { kind } });
      expect(pushed).not.toHaveProperty("error.mayHaveApplied", true);
    }
    expect(vendor.calls.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("whose number is not told are written all the same", async () => {
    const unknown = {
      ...rawListing,
      sku: "A",
      fulfillmentAvailability: [{ fulfillmentChannelCode: "DEFAULT" }],
    };
    vendor.api = ({ method }) => [
      200,
      method === "GET" ? unknown : { sku: "A", status: "ACCEPTED", submissionId: "1" },
    ];
    expect(await connect().pushQuantity({ externalId: "A", quantity: 1 })).toMatchObject({ ok: true });
  });

  it("whose write stumbles may have changed", async () => {
    vendor.api = ({ method }) => (method === "GET" ? [200, shows("A", 5)] : [500, ""]);
    expect(await connect().pushQuantity({ externalId: "A", quantity: 1 })).toMatchObject({
      ok: false,
      error: { kind: "transient", mayHaveApplied: true },
    });
  });
});
