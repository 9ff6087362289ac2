import { describe, expect, test } from "vitest";

import type { ListingSetup } from "./account-setup.ts";
import { LISTING, startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

const variations = [
  { variation: 178001, sellerSku: "KB-S", label: "S", availableQuantity: 4, userProductId: "MLMU1" },
  { variation: 178002, sellerSku: "KB-L", label: "L", availableQuantity: 0, userProductId: "MLMU2" },
];

async function withListing(listing: ListingSetup): Promise<TestMarketplace> {
  const market = await startMarketplace({
    accounts: [
      { account: "mx-1", listings: [{ listing: LISTING, title: "Knee brace", ...listing }] },
      { account: "mx-2" },
    ],
    settings: { orderClosingGapMs: { min: 0, max: 0 } },
  });
  return market;
}

interface ItemBody {
  id: string;
  status: string;
  sub_status: string[];
  tags: string[];
  available_quantity: number;
  parent_item_id: string | null;
  user_product_id: string | null;
  family_id: number | null;
  family_name: string | null;
  variations: { id: number; available_quantity: number; user_product_id: string }[];
}

const read = async (market: TestMarketplace, id: string): Promise<ItemBody> =>
  (await market.api<ItemBody>("GET", `/items/${id}`)).body;

const put = (market: TestMarketplace, id: string, body: unknown) =>
  market.api<ItemBody>("PUT", `/items/${id}`, { body });

describe("relisting", () => {
  const relist = (market: TestMarketplace, body: unknown) =>
    market.api<ItemBody>("POST", `/items/${LISTING}/relist`, { body });

  test("makes another item of a closed one, once", async () => {
    const market = await withListing({ availableQuantity: 4 });
    expect(await relist(market, { quantity: 3 })).toMatchObject({ status: 400 });
    await put(market, LISTING, { status: "closed" });
    const answer = await relist(market, { price: 250, quantity: 3, listing_type_id: "gold_pro" });
    expect(answer).toMatchObject({
      status: 201,
      body: { parent_item_id: LISTING, status: "active", available_quantity: 3, price: 250 },
    });
    expect(answer.body.id).not.toBe(LISTING);
    expect(await read(market, LISTING)).toMatchObject({ status: "closed" });
    expect(await relist(market, { quantity: 3 })).toMatchObject({ status: 400 });
    const other = { token: market.second.accessToken, body: {} };
    expect(await market.api("POST", `/items/${answer.body.id}/relist`, other)).toMatchObject({ status: 403 });
  });

  test("gives variations new ids, and leaves out those not named", async () => {
    const market = await withListing({ variations });
    await put(market, LISTING, { status: "closed" });
    const { body } = await relist(market, { variations: [{ id: 178001, quantity: 7 }] });
    expect(body.variations).toMatchObject([{ available_quantity: 7, user_product_id: "MLMU1" }]);
    expect(body.variations[0]?.id).not.toBe(178001);
  });

  test("goes on selling the same physical units", async () => {
    const market = await withListing({ availableQuantity: 4 });
    const groups = [{ id: "KB", units: 4, listings: [{ account: "mx-1", listing: LISTING }] }];
    await market.sim("PUT", "/physical", { groups });
    await put(market, LISTING, { status: "closed" });
    const answer = await market.sim<{ newListing: string }>("POST", `/listings/${LISTING}/relist`, {
      quantity: 9,
    });
    await market.buy(answer.body.newListing, 6);
    expect(await market.sim("GET", "/truth")).toMatchObject({
      body: { groups: [{ acceptedUnits: 6, oversoldUnits: 2 }] },
    });
  });
});

describe("migration to user products", () => {
  const path = `/items/${LISTING}/migration_live_listing`;

  test("makes an item of each variation while the old one sells, then closes it", async () => {
    const market = await withListing({ variations });
    expect(await market.api("GET", path)).toMatchObject({ status: 404 });
    const asked = await market.api("POST", "/sites/MLM/items/user_product_listings", {
      body: { item_id: LISTING },
    });
    expect(asked.status).toBe(200);
    interface Progress {
      migration_completed: string | null;
      new_items: { new_item_id: string; variation_id: number; migration_status: string }[];
    }
    const before = (await market.api<Progress>("GET", path)).body;
    expect(before).toMatchObject({
      item_id: LISTING,
      migration_completed: null,
      activation_completed: null,
      new_items: [
        { variation_id: 178001, migration_status: "pending" },
        { variation_id: 178002, migration_status: "pending" },
      ],
    });
    const [small = "", large = ""] = before.new_items.map(({ new_item_id: id }) => id);
    const pending = ["variations_migration_pending", "variations_migration_source"];
    expect(await read(market, LISTING)).toMatchObject({
      status: "active",
      tags: expect.arrayContaining(pending),
    });
    expect(await read(market, small)).toMatchObject({
      status: "paused",
      user_product_id: "MLMU1",
      family_name: "Knee brace",
      tags: expect.arrayContaining(["variations_migration_pending", "variations_migration_uptin"]),
    });
    // Documented: nobody can change it meanwhile.
    expect(await put(market, LISTING, { status: "paused" })).toMatchObject({ status: 404 });
    await market.buy(LISTING, 1, { variation: 178001 });
    market.clock.advance(60_000);
    expect((await market.api<Progress>("GET", path)).body).toMatchObject({
      migration_completed: expect.any(String),
      activation_completed: expect.any(String),
      new_items: [{ migration_status: "created" }, { migration_status: "created" }],
    });
    const old = await read(market, LISTING);
    expect(old).toMatchObject({ status: "closed", user_product_id: null });
    expect(old.tags).toContain("variations_migration_source");
    expect(old.tags).not.toContain("variations_migration_pending");
    market.clock.advance(60_000);
    expect(await read(market, small)).toMatchObject({
      status: "active",
      available_quantity: 3,
      variations: [],
    });
    expect(await read(market, large)).toMatchObject({ status: "paused", sub_status: ["out_of_stock"] });
    expect(await put(market, small, { available_quantity: 8 })).toMatchObject({ status: 200 });
  });

  test("puts the user products in one family", async () => {
    const market = await withListing({ variations });
    const answer = await market.sim<{ newListings: { listing: string }[] }>(
      "POST",
      `/listings/${LISTING}/migrate`,
      { durationMs: 0 },
    );
    const { family_id: family } = await read(market, answer.body.newListings[0]?.listing ?? "");
    expect(await market.api("GET", `/sites/MLM/user-products-families/${family}`)).toMatchObject({
      status: 200,
      body: { user_products_ids: ["MLMU1", "MLMU2"], family_id: family, site_id: "MLM" },
    });
    expect(await market.api("GET", "/user-products/MLMU1")).toMatchObject({ body: { family_id: family } });
    expect(await market.api("GET", "/sites/MLM/user-products-families/1")).toMatchObject({ status: 404 });
    expect(await market.sim("POST", `/listings/${LISTING}/migrate`, {})).toMatchObject({ status: 409 });
  });

  test("is not for items without variations", async () => {
    const market = await withListing({ availableQuantity: 3 });
    const body = { item_id: LISTING };
    const answer = await market.api("POST", "/sites/MLM/items/user_product_listings", { body });
    expect(answer.status).toBe(404);
  });
});

describe("writing", () => {
  test("too soon after another write meets the lock", async () => {
    const market = await withListing({ availableQuantity: 3 });
    await market.sim("PUT", "/settings", { itemWriteLockMs: 2_000 });
    expect(await put(market, LISTING, { available_quantity: 4 })).toMatchObject({ status: 200 });
    expect(await put(market, LISTING, { available_quantity: 5 })).toMatchObject({
      status: 409,
      body: { message: "item optimistic locking error: conflict", status: 409, cause: [] },
    });
    market.clock.advance(2_000);
    expect(await put(market, LISTING, { available_quantity: 5 })).toMatchObject({ status: 200 });
  });

  test("is not for suspended sellers", async () => {
    const market = await withListing({ availableQuantity: 3 });
    await market.sim("PUT", "/accounts", { accounts: [{ account: "mx-1", active: false }] });
    expect(await put(market, LISTING, { available_quantity: 4 })).toMatchObject({
      status: 403,
      body: { message: "The caller is not authorized to access this resource." },
    });
  });

  test("an automated price is refused alone and ignored in company", async () => {
    const market = await withListing({ availableQuantity: 3, price: 299, dynamicPricing: true });
    expect(await put(market, LISTING, { price: 250 })).toMatchObject({
      status: 400,
      body: {
        message: "Cannot modify price on items with dynamic pricing",
        error: "item.price.not_modifiable",
        status: 400,
        cause: [],
      },
    });
    expect(await put(market, LISTING, { price: 250, available_quantity: 5 })).toMatchObject({
      status: 200,
      body: { price: 299, available_quantity: 5, warnings: [{ cause_id: 502 }] },
    });
    const list = `/pricing-automation/users/${market.first.userId}/items`;
    expect(await market.api("GET", list)).toMatchObject({ body: { items: [LISTING], paging: { total: 1 } } });
  });
});
