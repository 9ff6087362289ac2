// What only shows between the connector and a marketplace that answers: shared stock, depots, parcels, splits, missed feeds.
import { setTimeout as delay } from "node:timers/promises";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { Connector, ListingReading, MissedNoticesPage, OrderReading } from "../contract/connector.ts";
import type { Outcome } from "../contract/outcome.ts";
import { valueOf } from "../contract/testing/battery-bench.ts";
import { MemoryTokenVault } from "../contract/testing/memory-token-vault.ts";
import { type SimulatorProcess, startSimulator } from "../contract/testing/simulator-process.ts";
import { mercadolibre } from "./connector.ts";

const clock = { now: () => Date.now() };

let simulator: SimulatorProcess;

const STORES = [
  { store: "100", networkNodeId: "MXP100" },
  { store: "101", networkNodeId: "MXP101" },
];

beforeAll(async () => {
  simulator = await startSimulator("mercadolibre", 3);
  await simulator.control("PUT", "/_sim/settings", {
    userProductSpreadMs: { min: 0, max: 0 },
    salesBumpVersion: true,
  });
  await simulator.control("PUT", "/_sim/accounts", {
    apps: [{ app: "deaf", topics: ["orders_v2", "items"], callbackUrl: "http://127.0.0.1:9/" }],
    accounts: [
      {
        account: "plain",
        listings: [
          { listing: "MLM2000000001", availableQuantity: 40, userProductId: "MLMU201" },
          { listing: "MLM2000000002", availableQuantity: 40, userProductId: "MLMU201" },
          { listing: "MLM2000000003", availableQuantity: 40 },
        ],
      },
      {
        account: "depot",
        tags: ["normal", "warehouse_management"],
        stores: STORES.slice(0, 1),
        listings: [{ listing: "MLM2100000001", availableQuantity: 30, userProductId: "MLMU211" }],
      },
      {
        account: "depots",
        tags: ["normal", "warehouse_management", "multiwarehouse"],
        stores: STORES,
        listings: [{ listing: "MLM2200000001", userProductId: "MLMU221" }],
        userProducts: [
          {
            userProduct: "MLMU221",
            locations: [
              { type: "seller_warehouse", store: "100", quantity: 5 },
              { type: "seller_warehouse", store: "101", quantity: 7 },
            ],
          },
        ],
      },
      {
        account: "unheard",
        app: "deaf",
        listings: [{ listing: "MLM2400000001", availableQuantity: 500 }],
      },
      {
        account: "full",
        siteId: "MLA",
        listings: [
          {
            listing: "MLA2300000001",
            availableQuantity: 9,
            userProductId: "MLAU231",
            logisticType: "fulfillment",
            inventoryId: "INV1",
            shippingTags: ["self_service_in"],
          },
          {
            listing: "MLA2300000002",
            availableQuantity: 9,
            userProductId: "MLAU232",
            logisticType: "fulfillment",
            inventoryId: "INV2",
          },
        ],
      },
    ],
  });
});

afterEach(() => simulator.control("PUT", "/_sim/faults", {}));
afterAll(() => simulator.stop());

/** Every connector spends refresh tokens, so the one in force is asked for each time. */
async function open(name: string, settings: object = {}): Promise<Connector> {
  const described = (await simulator.control("GET", "/_sim/accounts")) as unknown as SimulatorProcess;
  const account = described.accounts.find((one) => one.account === name);
  if (account === undefined) throw new Error(`the simulator has the account ${name}`);
  const { clientId, clientSecret, refreshToken, userId } = account;
  const { url: baseUrl, tokenUrl } = simulator;
  return valueOf(
    mercadolibre.connect({
      connection: name,
      settings: { baseUrl, tokenUrl, accountId: userId, ...settings },
      credentials: { clientId, clientSecret },
      tokens: new MemoryTokenVault(refreshToken, clock),
      clock,
    }),
  );
}

async function readOne(connector: Connector, externalId: string): Promise<Outcome<ListingReading>> {
  const [reading] = await connector.readListings([externalId]);
  if (reading === undefined) throw new Error("there is one reading per id asked for");
  return reading;
}

const shown = async (connector: Connector, externalId: string) =>
  valueOf(await readOne(connector, externalId)).quantity;

async function sell(listing: string, quantity: number, more: object = {}): Promise<string> {
  const sale = { listing, quantity, closingGapMs: 0, ...more };
  return String((await simulator.control("POST", "/_sim/orders", sale))["orderId"]);
}

const act = (orderId: string, name: string, body: object = {}) =>
  simulator.control("POST", `/_sim/orders/${orderId}/${name}`, body);

describe("a user product", () => {
  it("is written once for all its items, and shows the stock they share", async () => {
    const connector = await open("plain");
    expect(await connector.pushQuantity({ externalId: "MLMU201", quantity: 12 })).toMatchObject({ ok: true });
    const readings = await connector.readListings(["MLMU201", "MLM2000000001", "MLM2000000002"]);
    expect(readings.map((reading) => valueOf(reading).quantity)).toEqual([12, 12, 12]);
    expect(valueOf(readings[0] as Outcome<ListingReading>)).toMatchObject({
      isBuyable: true,
      notWritable: null,
    });
  });

  it("that nobody sells is not found", async () => {
    const connector = await open("plain");
    expect(await readOne(connector, "MLMU999")).toMatchObject({ ok: false, error: { kind: "not_found" } });
    const pushed = await connector.pushQuantity({ externalId: "MLMU999", quantity: 1 });
    expect(pushed).toMatchObject({ ok: false, error: { kind: "not_found" } });
  });

  it("is named beside the item that an order names", async () => {
    const connector = await open("plain");
    const reading = valueOf(await connector.fetchOrder(await sell("MLM2000000002", 1)));
    expect(reading.report.lines).toMatchObject([{ listing: "MLM2000000002", quantity: 1 }]);
    expect(reading.stockNames).toEqual({ MLM2000000002: "MLMU201" });
  });
});

describe("an account with depots", () => {
  it("is written in its depot, where a write to the item is answered and ignored", async () => {
    const connector = await open("depot");
    for (const externalId of ["MLM2100000001", "MLMU211"]) {
      for (const quantity of [0, 21]) {
        expect(await connector.pushQuantity({ externalId, quantity })).toMatchObject({ ok: true });
        expect(await shown(connector, externalId)).toBe(quantity);
      }
    }
  });

  it("refuses a write that did not know of a sale", async () => {
    const connector = await open("depot", { salesMoveVersion: true });
    expect(await connector.pushQuantity({ externalId: "MLMU211", quantity: 10 })).toMatchObject({ ok: true });
    const before = valueOf(await readOne(connector, "MLMU211"));
    expect(before.version).toEqual(expect.any(String));
    await sell("MLM2100000001", 1);
    const ifVersion = before.version ?? "";
    const late = await connector.pushQuantity({ externalId: "MLMU211", quantity: 10, ifVersion });
    expect(late).toMatchObject({ ok: false, error: { kind: "conflict" } });
    const after = valueOf(await readOne(connector, "MLMU211"));
    expect(after.quantity).toBe(9);
    const again = { externalId: "MLMU211", quantity: 8, ifVersion: after.version ?? "" };
    expect(await connector.pushQuantity(again)).toMatchObject({ ok: true });
    expect(await connector.pushQuantity(again)).toMatchObject({ ok: false, error: { kind: "conflict" } });
    expect(await shown(connector, "MLMU211")).toBe(8);
  });

  it("leaves the depots alone that are not the pool's", async () => {
    const unnamed = await open("depots");
    expect(valueOf(await readOne(unnamed, "MLMU221")).notWritable).toContain("storeId");
    expect(await unnamed.pushQuantity({ externalId: "MLMU221", quantity: 1 })).toMatchObject({
      ok: false,
      error: { kind: "rejected", code: "not_writable" },
    });
    await simulator.control("PUT", "/_sim/settings", { unlistedWarehouses: "empty" });
    const named = await open("depots", { storeId: "101" });
    expect(await shown(named, "MLMU221")).toBe(7);
    expect(await named.pushQuantity({ externalId: "MLM2200000001", quantity: 3 })).toMatchObject({
      ok: true,
    });
    expect(await shown(named, "MLMU221")).toBe(3);
    expect(await shown(await open("depots", { storeId: "100" }), "MLMU221")).toBe(5);
  });

  it("that becomes one is noticed by the write that changed nothing", async () => {
    const connector = await open("plain");
    const push = (quantity: number) => connector.pushQuantity({ externalId: "MLM2000000003", quantity });
    expect(await push(5)).toMatchObject({ ok: true });
    const depots = { account: "plain", tags: ["normal", "warehouse_management"], stores: STORES.slice(0, 1) };
    await simulator.control("PUT", "/_sim/accounts", { accounts: [depots] });
    expect(await push(9)).not.toMatchObject({ ok: true, value: { quantity: 9 } });
    expect(await push(9)).toMatchObject({ ok: true });
    expect(await shown(connector, "MLM2000000003")).toBe(9);
    await simulator.control("PUT", "/_sim/accounts", { accounts: [{ account: "plain", tags: ["normal"] }] });
  });

  it("is asked no more than a hundred times a minute, and says when to come back", async () => {
    const connector = await open("depot");
    const readings = await Promise.all(Array.from({ length: 40 }, () => readOne(connector, "MLMU211")));
    const refused = readings.filter((reading) => !reading.ok);
    expect(refused.length).toBeGreaterThan(0);
    for (const reading of refused) {
      expect(reading).toMatchObject({
        error: { kind: "throttled", isOnlyThis: true, retryAfterMs: expect.any(Number) },
      });
    }
    expect(await connector.pushQuantity({ externalId: "MLMU211", quantity: 2 })).toMatchObject({ ok: true });
  });
});

describe("Full", () => {
  it("is written beside it where the country allows that, and not at all elsewhere", async () => {
    const connector = await open("full");
    expect(await connector.pushQuantity({ externalId: "MLA2300000001", quantity: 4 })).toMatchObject({
      ok: true,
    });
    expect(await shown(connector, "MLA2300000001")).toBe(4);
    expect(valueOf(await readOne(connector, "MLA2300000002")).notWritable).toContain("Full");
    expect(await connector.pushQuantity({ externalId: "MLA2300000002", quantity: 4 })).toMatchObject({
      ok: false,
      error: { kind: "rejected", code: "not_writable" },
    });
  });
});

describe("a split pack", () => {
  const unitsHeld = (readings: readonly OrderReading[]) =>
    readings
      .flatMap(({ report }) => report.lines)
      .reduce((units, { quantity, cancelled = 0 }) => units + quantity - cancelled, 0);

  it("gives up its units in the same moment in which the new orders claim them, whichever is read first", async () => {
    const connector = await open("plain");
    const orderId = await sell("MLM2000000001", 3);
    await act(orderId, "split", { gapMs: 700 });
    const early = valueOf(await connector.fetchOrder(orderId));
    expect(early).toMatchObject({ report: { status: "paid", doNotShip: true }, readAgainAfterMs: 5_000 });
    expect(unitsHeld([early])).toBe(3);
    const late = await until(
      async () => valueOf(await connector.fetchOrder(orderId)),
      ({ report }) => report.status === "cancelled",
    );
    const { alongside = [], ...original } = late;
    expect(original.readAgainAfterMs).toBeNull();
    expect(unitsHeld([original])).toBe(0);
    expect(alongside.length).toBe(2);
    expect(unitsHeld(alongside)).toBe(3);
    expect(unitsHeld([early, ...alongside])).toBeGreaterThanOrEqual(3);
    for (const { report } of alongside) {
      expect(valueOf(await connector.fetchOrder(report.orderId)).report).toEqual(report);
    }
  });
});

describe("an order", () => {
  it("that was cancelled keeps its units while its parcel cannot be read", async () => {
    const connector = await open("plain");
    const orderId = await sell("MLM2000000001", 1);
    await act(orderId, "cancel", { requestedBy: "buyer" });
    const away = { kind: "serverError", status: 500, times: 1, endpoint: "GET /shipments/:id" };
    await simulator.control("PUT", "/_sim/faults", { api: [away] });
    expect(valueOf(await connector.fetchOrder(orderId)).report).toMatchObject({
      status: "paid",
      doNotShip: true,
      lines: [{ cancelled: 0 }],
    });
    expect(valueOf(await connector.fetchOrder(orderId)).report).toMatchObject({
      status: "cancelled",
      lines: [{ cancelled: 1 }],
    });
  });

  it("whose delivery failed is on its way back, not free", async () => {
    const connector = await open("plain");
    const orderId = await sell("MLM2000000001", 1);
    await act(orderId, "ship");
    await act(orderId, "deliver", { failed: true });
    expect(valueOf(await connector.fetchOrder(orderId)).report.lines).toMatchObject([
      { cancelled: 1, shipped: 1, returning: 1 },
    ]);
  });
});

describe("missed notifications", () => {
  it.each([false, true])(
    "are listed topic by topic to their end, rows repeated: %s",
    async (missedRowsRepeat) => {
      const connector = await open("unheard");
      expect(await missedBy(await open("plain"))).toEqual([]);
      const sold: string[] = [];
      for (let nth = 0; nth < 55; nth++) sold.push(await sell("MLM2400000001", 1));
      await simulator.control("PUT", "/_sim/faults", { notifications: { missedRowsRepeat } });
      // The third attempt, after eight minutes, is the one after which they are kept; each follows the one before.
      const bodies = await until(
        async () => {
          await simulator.control("POST", "/_sim/clock", { advanceMs: 300_000 });
          return missedBy(connector);
        },
        (missed) => sold.every((orderId) => JSON.stringify(missed).includes(orderId)),
      );
      const readings = bodies.map((body) => mercadolibre.readNotification(body));
      const subjects = readings.flatMap((reading) =>
        reading.kind === "notice" ? [reading.notice.about] : [],
      );
      expect(subjects.length).toBe(readings.length);
      expect(subjects).toEqual(expect.arrayContaining(sold.map((orderId) => ({ kind: "order", orderId }))));
      expect(subjects).toContainEqual({ kind: "listing", externalId: "MLM2400000001" });
    },
  );
});

async function missedBy(connector: Connector): Promise<unknown[]> {
  const bodies: unknown[] = [];
  for (let page: string | null = ""; page !== null;) {
    const answer = await connector.listMissedNotices?.(page);
    if (answer === undefined) throw new Error("MercadoLibre keeps what it could not deliver");
    const missed: MissedNoticesPage = valueOf(answer);
    bodies.push(...missed.bodies);
    page = missed.nextPage;
  }
  return bodies;
}

/** Asks until the answer is as wanted; a test that waits in vain is ended by its own limit. */
async function until<Value>(ask: () => Promise<Value>, isDone: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await ask();
    if (isDone(value)) return value;
    await delay(100);
  }
}
