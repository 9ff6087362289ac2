import { describe, expect, it } from "vitest";

import { parseExternalId } from "./external-id.ts";
import itemWithVariations from "./fixtures/item-with-variations.json" with { type: "json" };
import sharedStock from "./fixtures/user-product-stock.json" with { type: "json" };
import { toItem } from "./item-reader.ts";
import {
  sharedQuantityOf,
  toListingReading,
  type SellerTraits,
  writerOfItem,
  writerOfUserProduct,
} from "./to-listing.ts";
import { quantityProblem, toItemPush, toReceipt, toSharedPush } from "./to-push.ts";
import { itemSchema, userProductStockSchema } from "./wire.ts";

const seller: SellerTraits = { siteId: "MLM", tags: ["normal"], storeId: null };
const depotSeller = { ...seller, tags: ["warehouse_management"] };
const plain = itemSchema.parse({ ...itemWithVariations, variations: [], user_product_id: "MLMU9" });
const item = (changes: object) => ({ ...plain, ...changes });
const full = { shipping: { logistic_type: "fulfillment", tags: [] as string[] } };
const withFlex = { shipping: { logistic_type: "fulfillment", tags: ["self_service_in"] } };

describe("the writer", () => {
  it.each([
    ["an item", {}, seller, { via: "item", itemId: "MLM1000000002" }],
    ["of an account with depots", {}, depotSeller, { via: "seller_warehouse", userProductId: "MLMU9" }],
    ["beside Full in Argentina", withFlex, { ...seller, siteId: "MLA" }, { via: "selling_address" }],
    ["beside Full in Mexico", withFlex, seller, { via: "none" }],
    ["in Full alone", full, { ...seller, siteId: "MLA" }, { via: "none" }],
    ["under review", { status: "under_review" }, seller, { via: "none" }],
    ["closed", { status: "closed" }, depotSeller, { via: "none" }],
    ["of depots without a user product", { user_product_id: null }, depotSeller, { via: "none" }],
    ["paused by the seller", { status: "paused", sub_status: ["paused_by_seller"] }, seller, { via: "item" }],
  ])("of %s", (_, changes, whose, writer) => {
    expect(writerOfItem(item(changes), null, whose)).toMatchObject(writer);
  });

  it("of a variation is the variation's, of the whole item none", () => {
    const whole = itemSchema.parse(itemWithVariations);
    expect(writerOfItem(whole, "178001", seller)).toEqual({
      via: "variation",
      itemId: "MLM1000000002",
      variationId: "178001",
    });
    expect(writerOfItem(whole, "178001", depotSeller)).toMatchObject({ userProductId: "MLMU1" });
    expect(writerOfItem(whole, null, seller)).toMatchObject({ via: "none" });
  });

  it("of a user product is the first of its items that can be written", () => {
    const items = [item({ status: "closed" }), item({ id: "MLM2" })];
    expect(writerOfUserProduct("MLMU9", items, seller)).toEqual({ via: "item", itemId: "MLM2" });
    expect(writerOfUserProduct("MLMU9", items.slice(0, 1), seller)).toMatchObject({ via: "none" });
    expect(writerOfUserProduct("MLMU9", items, depotSeller)).toMatchObject({ via: "seller_warehouse" });
  });
});

describe("a listing", () => {
  const read = (changes: object) => {
    const known = item(changes);
    const writer = writerOfItem(known, null, seller);
    const address = { kind: "item", itemId: known.id, variationId: null } as const;
    return toListingReading({
      address,
      items: [known],
      shown: known.available_quantity,
      writer,
      shared: null,
    });
  };

  it.each([
    ["active", [], true],
    ["paused", ["out_of_stock"], true],
    ["paused", ["paused_by_seller"], false],
    ["paused", ["out_of_stock", "paused_by_seller"], false],
    ["paused", [], false],
    ["under_review", ["waiting_for_patch"], false],
  ])("that is %s %j is buyable: %s", (status, subStatus, isBuyable) => {
    expect(read({ status, sub_status: subStatus })).toMatchObject({ isBuyable, quantity: 12 });
  });

  it("in moderation does not open by itself", () => {
    const moderated = { status: "paused", sub_status: ["out_of_stock"], tags: ["moderation_penalty"] };
    expect(read(moderated)).toMatchObject({ isBuyable: false });
  });

  it("that was replaced says by what", () => {
    const tags = ["variations_migration_source"];
    expect(read({ status: "closed", tags }).notWritable).toContain("user products");
  });

  it.each([
    [404, null, "not_found"],
    [500, { message: "internal" }, "transient"],
    [429, { message: "Too Many Requests" }, "throttled"],
    [403, { code: "FORBIDDEN", message: "forbidden" }, "rejected"],
    [200, { message: "?" }, "transient"],
  ])("whose row says %s %j is %s, never 0", (statusCode, body, kind) => {
    expect(toItem("MLM1", { status_code: statusCode, body }, "1")).toMatchObject({
      ok: false,
      error: { kind },
    });
  });

  it("of another account is no reading, since its number is rounded", () => {
    const row = { status_code: 200, body: itemWithVariations };
    expect(toItem("MLM1000000002", row, "1")).toMatchObject({ error: { code: "foreign_listing" } });
    expect(toItem("MLM1000000002", row, "100200300")).toMatchObject({ ok: true });
    expect(toItem("MLM1000000002", undefined, "1")).toMatchObject({ error: { kind: "transient" } });
  });

  it.each(["", "MLM", "mlm1", "MLM1/..", "MLM1:", "MLM1:a", "MLM1:1:2", "MLMU", "MLMU1:2"])(
    "is not named %j",
    (externalId) => {
      expect(parseExternalId(externalId)).toBeNull();
    },
  );
});

describe("a shared stock", () => {
  const depots = [
    { type: "seller_warehouse", store_id: "100", network_node_id: "MXP1", quantity: 15 },
    { type: "seller_warehouse", store_id: "101", network_node_id: "MXP2", quantity: 25 },
    { type: "meli_facility", quantity: 3 },
  ];
  const versioned = (locations: readonly object[]) => ({
    stock: userProductStockSchema.parse({ ...sharedStock, locations }),
    version: "7",
  });
  const writer = { via: "seller_warehouse", userProductId: "MLMU9" } as const;

  it("shows the seller's part only", () => {
    const stock = { stock: userProductStockSchema.parse(sharedStock), version: "7" };
    const own = { via: "selling_address", userProductId: "MLAU245334053" } as const;
    expect(sharedQuantityOf(stock, own, seller)).toMatchObject({ ok: true, quantity: 2 });
  });

  it("is the one depot's, or that of the depot the connection names", () => {
    expect(sharedQuantityOf(versioned(depots.slice(0, 1)), writer, depotSeller)).toMatchObject({
      quantity: 15,
    });
    expect(sharedQuantityOf(versioned(depots), writer, depotSeller)).toMatchObject({
      ok: false,
      reason: expect.stringContaining("100, 101"),
    });
    const named = { ...depotSeller, storeId: "101" };
    expect(sharedQuantityOf(versioned(depots), writer, named)).toMatchObject({ ok: true, quantity: 25 });
    expect(sharedQuantityOf(versioned(depots.slice(0, 1)), writer, named)).toMatchObject({ ok: false });
    expect(sharedQuantityOf(versioned([]), writer, depotSeller)).toMatchObject({ ok: false });
  });

  it("is written by version, with every depot as it was but the pool's", () => {
    const part = sharedQuantityOf(versioned(depots), writer, { ...depotSeller, storeId: "101" });
    const locations = part.ok ? part.locations : [];
    expect(toSharedPush(writer, { quantity: 4, version: "7", locations })).toEqual({
      method: "PUT",
      path: "/user-products/MLMU9/stock/type/seller_warehouse",
      headers: { "x-version": "7" },
      json: {
        locations: [
          { store_id: "100", network_node_id: "MXP1", quantity: 15 },
          { store_id: "101", network_node_id: "MXP2", quantity: 4 },
        ],
      },
    });
    const own = { via: "selling_address", userProductId: "MLAU9" } as const;
    expect(toSharedPush(own, { quantity: 0, version: "8", locations: [] })).toMatchObject({
      path: "/user-products/MLAU9/stock/type/selling_address",
      json: { quantity: 0 },
    });
  });
});

describe("a quantity", () => {
  it("is written alone, without a price and without its siblings", () => {
    expect(toItemPush({ via: "item", itemId: "MLM1" }, 3)).toEqual({
      method: "PUT",
      path: "/items/MLM1",
      json: { available_quantity: 3 },
    });
    expect(toItemPush({ via: "variation", itemId: "MLM1", variationId: "178001" }, 0)).toEqual({
      method: "PUT",
      path: "/items/MLM1/variations/178001",
      json: { available_quantity: 0 },
    });
  });

  it("has its bounds", () => {
    expect([0, 99_999].map(quantityProblem)).toEqual([null, null]);
    expect([-1, 100_000].map((quantity) => quantityProblem(quantity)?.code)).toEqual([
      "quantity_out_of_range",
      "quantity_out_of_range",
    ]);
  });

  it("is told by the answer where it has one", () => {
    const writer = { via: "variation", itemId: "MLM1", variationId: "2" } as const;
    const variations = [
      { id: "1", available_quantity: 5 },
      { id: "2", available_quantity: 6 },
    ];
    expect(toReceipt(variations, writer)).toEqual({ quantity: 6 });
    expect(toReceipt({ available_quantity: 4 }, { via: "item", itemId: "MLM1" })).toEqual({ quantity: 4 });
    expect(toReceipt(null, writer)).toEqual({ quantity: null });
  });
});
