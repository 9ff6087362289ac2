// What shared stock, depots and Full are like at a marketplace that answers.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { ListingReading } from "../contract/connector.ts";
import type { Outcome } from "../contract/outcome.ts";
import { valueOf } from "../contract/testing/value-of.ts";
import { type MarketplaceBench, readOne, shown, startMarketplace } from "./testing/marketplace-bench.ts";

const STORES = [
  { store: "100", networkNodeId: "MXP100" },
  { store: "101", networkNodeId: "MXP101" },
];

let bench: MarketplaceBench;

beforeAll(async () => {
  bench = await startMarketplace([
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
  ]);
});
afterEach(() => bench.simulator.control("PUT", "/_sim/faults", {}));
afterAll(() => bench.simulator.stop());

describe("a user product", () => {
  it("is written once for all its items, and shows the stock they share", async () => {
    const connector = await bench.open("plain");
    expect(await connector.pushQuantity({ externalId: "MLMU201", quantity: 12 })).toMatchObject({ ok: true });
    const readings = await connector.readListings(["MLMU201", "MLM2000000001", "MLM2000000002"]);
    expect(readings.map((reading) => valueOf(reading).quantity)).toEqual([12, 12, 12]);
    expect(valueOf(readings[0] as Outcome<ListingReading>)).toMatchObject({
      isBuyable: true,
      notWritable: null,
    });
  });

  it("that nobody sells is not found", async () => {
    const connector = await bench.open("plain");
    expect(await readOne(connector, "MLMU999")).toMatchObject({ ok: false, error: { kind: "not_found" } });
    const pushed = await connector.pushQuantity({ externalId: "MLMU999", quantity: 1 });
    expect(pushed).toMatchObject({ ok: false, error: { kind: "not_found" } });
  });

  it("is named beside the item that an order names", async () => {
    const connector = await bench.open("plain");
    const reading = valueOf(await connector.fetchOrder(await bench.sell("MLM2000000002", 1)));
    expect(reading.report.lines).toMatchObject([{ listing: "MLM2000000002", quantity: 1 }]);
    expect(reading.stockNames).toEqual({ MLM2000000002: "MLMU201" });
  });
});

describe("an account with depots", () => {
  it("is written in its depot, where a write to the item is answered and ignored", async () => {
    const connector = await bench.open("depot");
    for (const externalId of ["MLM2100000001", "MLMU211"]) {
      for (const quantity of [0, 21]) {
        expect(await connector.pushQuantity({ externalId, quantity })).toMatchObject({ ok: true });
        expect(await shown(connector, externalId)).toBe(quantity);
      }
    }
  });

  it("refuses a write that did not know of a sale", async () => {
    const connector = await bench.open("depot", { salesMoveVersion: true });
    expect(await connector.pushQuantity({ externalId: "MLMU211", quantity: 10 })).toMatchObject({ ok: true });
    const before = valueOf(await readOne(connector, "MLMU211"));
    expect(before.version).toEqual(expect.any(String));
    await bench.sell("MLM2100000001", 1);
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
    const unnamed = await bench.open("depots");
    expect(valueOf(await readOne(unnamed, "MLMU221")).notWritable).toContain("storeId");
    expect(await unnamed.pushQuantity({ externalId: "MLMU221", quantity: 1 })).toMatchObject({
      ok: false,
      error: { kind: "rejected", code: "not_writable" },
    });
    await bench.simulator.control("PUT", "/_sim/settings", { unlistedWarehouses: "empty" });
    const named = await bench.open("depots", { storeId: "101" });
    expect(await shown(named, "MLMU221")).toBe(7);
    expect(await named.pushQuantity({ externalId: "MLM2200000001", quantity: 3 })).toMatchObject({
      ok: true,
    });
    expect(await shown(named, "MLMU221")).toBe(3);
    expect(await shown(await bench.open("depots", { storeId: "100" }), "MLMU221")).toBe(5);
  });

  it("counts the sales that leave from the pool's depot, and no others", async () => {
    const orderId = await bench.sell("MLM2200000001", 1);
    const sentBy = async (storeId: string) => {
      const connector = await bench.open("depots", { storeId });
      return valueOf(await connector.fetchOrder(orderId)).report.lines[0]?.fulfilledBy;
    };
    expect(new Set([await sentBy("100"), await sentBy("101")])).toEqual(new Set(["seller", "channel"]));
  });

  it("that becomes one is noticed by the write that changed nothing", async () => {
    const connector = await bench.open("plain");
    const push = (quantity: number) => connector.pushQuantity({ externalId: "MLM2000000003", quantity });
    expect(await push(5)).toMatchObject({ ok: true });
    const depots = { account: "plain", tags: ["normal", "warehouse_management"], stores: STORES.slice(0, 1) };
    await bench.simulator.control("PUT", "/_sim/accounts", { accounts: [depots] });
    expect(await push(9)).not.toMatchObject({ ok: true, value: { quantity: 9 } });
    expect(await push(9)).toMatchObject({ ok: true });
    expect(await shown(connector, "MLM2000000003")).toBe(9);
    await bench.simulator.control("PUT", "/_sim/accounts", {
      accounts: [{ account: "plain", tags: ["normal"] }],
    });
  });

  it("is asked no more than a hundred times a minute, and says when to come back", async () => {
    const connector = await bench.open("depot");
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

describe("a write", () => {
  it("that met another one has written nothing, and says so", async () => {
    const connector = await bench.open("plain");
    expect(await connector.pushQuantity({ externalId: "MLM2000000003", quantity: 6 })).toMatchObject({
      ok: true,
    });
    const met = { kind: "conflict", times: 1, endpoint: "PUT /items/:id" };
    await bench.simulator.control("PUT", "/_sim/faults", { api: [met] });
    const refused = await connector.pushQuantity({ externalId: "MLM2000000003", quantity: 7 });
    expect(refused).toMatchObject({ ok: false, error: { kind: "conflict", retryAfterMs: 2_000 } });
    expect(refused).not.toHaveProperty("error.mayHaveApplied");
    expect(await shown(connector, "MLM2000000003")).toBe(6);
  });
});

describe("a connection whose tokens are another account's", () => {
  it("says so, and neither reads nor writes", async () => {
    const connector = await bench.open("plain", { accountId: "4" });
    expect(await readOne(connector, "MLM2000000001")).toMatchObject({
      error: { kind: "auth", code: "other_account" },
    });
    expect(await connector.pushQuantity({ externalId: "MLM2000000001", quantity: 1 })).toMatchObject({
      error: { kind: "auth", code: "other_account" },
    });
  });
});

describe("Full", () => {
  it("is written beside it where the country allows that, and not at all elsewhere", async () => {
    const connector = await bench.open("full");
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
