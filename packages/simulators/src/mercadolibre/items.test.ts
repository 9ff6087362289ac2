import { describe, expect, test } from "vitest";

import { LISTING, OTHER_LISTING, startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

interface ItemBody {
  status: string;
  sub_status: string[];
  available_quantity: number;
  variations: { id: number; available_quantity: number; attributes?: { id: string; value_name: string }[] }[];
}

const put = (market: TestMarketplace, body: unknown, listing = LISTING) =>
  market.api<ItemBody>("PUT", `/items/${listing}`, { body });

async function read(market: TestMarketplace, listing = LISTING): Promise<ItemBody> {
  const answer = await market.api<ItemBody>("GET", `/items/${listing}`);
  expect(answer.status).toBe(200);
  return answer.body;
}

async function edit(
  market: TestMarketplace,
  fields: Record<string, unknown>,
  listing = LISTING,
): Promise<void> {
  const accounts = [{ account: "mx-1", listings: [{ listing, ...fields }] }];
  expect(await market.sim("PUT", "/accounts", { accounts })).toMatchObject({ status: 200 });
}

describe("reading an item", () => {
  test("tells the owner everything, the SKU as an attribute", async () => {
    const market = await startMarketplace();
    const { body } = await market.api("GET", `/items/${LISTING}`);
    expect(body).toMatchObject({
      id: LISTING,
      site_id: "MLM",
      seller_id: market.first.userId,
      available_quantity: 10,
      status: "active",
      sub_status: [],
      user_product_id: expect.stringMatching(/^MLMU\d+$/),
      attributes: expect.arrayContaining([expect.objectContaining({ id: "SELLER_SKU", value_name: "KB-M" })]),
      last_updated: "2026-11-23T10:20:30.400Z",
    });
  });

  test("shows everybody else a step instead of the quantity", async () => {
    const market = await startMarketplace();
    await edit(market, { availableQuantity: 73 });
    const { body } = await market.api("GET", `/items/${LISTING}`, { token: market.second.accessToken });
    expect(body).toMatchObject({ available_quantity: 50, seller_custom_field: null });
  });

  test("can be cut down to some fields", async () => {
    const market = await startMarketplace();
    const { body } = await market.api("GET", `/items/${LISTING}?attributes=id,available_quantity,nothing`);
    expect(body).toEqual({ id: LISTING, available_quantity: 10 });
  });

  test("that does not exist", async () => {
    const market = await startMarketplace();
    expect(await market.api("GET", "/items/MLM1")).toMatchObject({
      status: 404,
      body: { message: "Item with id MLM1 not found", error: "not_found", status: 404, cause: [] },
    });
  });
});

describe("writing a quantity", () => {
  test("to 0 pauses for want of stock, above 0 wakes up again", async () => {
    const market = await startMarketplace();
    expect(await put(market, { available_quantity: 0 })).toMatchObject({ status: 200 });
    expect(await read(market)).toMatchObject({
      status: "paused",
      sub_status: ["out_of_stock"],
      available_quantity: 0,
    });
    await put(market, { available_quantity: 3 });
    expect(await read(market)).toMatchObject({ status: "active", sub_status: [], available_quantity: 3 });
  });

  test("does not wake what the seller paused, even if it was out of stock before", async () => {
    const market = await startMarketplace();
    await put(market, { available_quantity: 0 });
    await put(market, { status: "paused" });
    await put(market, { available_quantity: 5 });
    expect(await read(market)).toMatchObject({ status: "paused", sub_status: ["paused_by_seller"] });
    expect(await put(market, { status: "active" })).toMatchObject({ status: 200 });
    expect(await read(market)).toMatchObject({ status: "active", sub_status: [], available_quantity: 5 });
  });

  test("is needed before an item can be activated", async () => {
    const market = await startMarketplace();
    await put(market, { available_quantity: 0 });
    const refused = await put(market, { status: "active" });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain("Is not possible to activate an item without stock.");
    expect(await put(market, { status: "active", available_quantity: 1 })).toMatchObject({ status: 200 });
  });

  test.each([
    [
      "under_review",
      `Cannot update item ${LISTING} [status:under_review, has_bids:false] available quantity is not modifiable.`,
    ],
    [
      "closed",
      `Cannot update item ${LISTING} [status:closed, has_bids:false] available quantity is not modifiable.`,
    ],
  ])("of an item that is %s is refused", async (status, message) => {
    const market = await startMarketplace();
    await edit(market, { status });
    expect(await put(market, { available_quantity: 4 })).toMatchObject({ status: 400, body: { message } });
    expect(await read(market)).toMatchObject({ status, available_quantity: 10 });
  });

  test("of a Full item is refused", async () => {
    const market = await startMarketplace();
    await edit(market, { logisticType: "fulfillment", inventoryId: "ABCD12345" });
    expect(await put(market, { available_quantity: 4 })).toMatchObject({
      status: 400,
      body: {
        cause: [
          {
            code: "item.available_quantity.not_modifiable",
            message: "Available quantity is not modifiable in fulfillment items",
          },
        ],
      },
    });
    expect(await read(market)).toMatchObject({ available_quantity: 10 });
  });

  test.each([
    ["a string", { available_quantity: "5" }, "body.invalid_field_types"],
    ["a fraction", { available_quantity: 1.5 }, "body.invalid_field_types"],
    ["null", { available_quantity: null }, "body.invalid_field_types"],
    ["a field nobody knows", { available_quantity: 5, stock: 1 }, "body.invalid_fields"],
    ["a negative number", { available_quantity: -1 }, "Validation error"],
    ["a number far too large", { available_quantity: 1e15 }, "Validation error"],
    ["half a body", '{"available_quantity":', "Malformed JSON"],
    ["a list", [1], "body.invalid_field_types"],
  ])("as %s is refused and changes nothing", async (_, body, message) => {
    const market = await startMarketplace();
    expect(await put(market, body)).toMatchObject({ status: 400, body: { message, status: 400 } });
    expect(await read(market)).toMatchObject({ available_quantity: 10, status: "active" });
  });

  test("to 0 is refused for used things", async () => {
    const market = await startMarketplace();
    await edit(market, { condition: "used" });
    expect(await put(market, { available_quantity: 0 })).toMatchObject({ status: 400 });
  });

  test("of somebody else's item is refused", async () => {
    const market = await startMarketplace();
    expect(await put(market, { available_quantity: 4 }, OTHER_LISTING)).toMatchObject({
      status: 403,
      body: { error: "access_denied", code: "FORBIDDEN" },
    });
  });

  test("of a seller with depots is answered 200 and changes nothing", async () => {
    const market = await startMarketplace();
    await market.sim("PUT", "/accounts", {
      accounts: [{ account: "mx-1", tags: ["normal", "warehouse_management"] }],
    });
    expect(await put(market, { available_quantity: 4 })).toMatchObject({ status: 200 });
    expect(await read(market)).toMatchObject({ available_quantity: 10 });
    expect(await market.api("GET", "/users/me")).toMatchObject({
      body: { tags: ["normal", "warehouse_management"] },
    });
  });

  test("may take effect later, and then overwrites a sale made in between", async () => {
    const market = await startMarketplace({ settings: { writeApplyMs: { min: 5_000, max: 5_000 } } });
    await put(market, { available_quantity: 8 });
    expect(await read(market)).toMatchObject({ available_quantity: 10 });
    await market.buy(LISTING, 3, { closingGapMs: 0 });
    expect(await read(market)).toMatchObject({ available_quantity: 7 });
    market.clock.advance(5_000);
    expect(await read(market)).toMatchObject({ available_quantity: 8 });
  });
});

describe("variations", () => {
  const SIZED = "MLM1000000009";

  async function withVariations(): Promise<TestMarketplace> {
    const market = await startMarketplace();
    await edit(
      market,
      {
        variations: [
          { variation: 11, sellerSku: "KB-S", availableQuantity: 4 },
          { variation: 12, sellerSku: "KB-L", availableQuantity: 6 },
        ],
      },
      SIZED,
    );
    return market;
  }

  const quantities = async (market: TestMarketplace) =>
    (await read(market, SIZED)).variations.map(({ id, available_quantity: quantity }) => [id, quantity]);

  test("are written one by one, and only that one changes", async () => {
    const market = await withVariations();
    const answer = await market.api("PUT", `/items/${SIZED}/variations/11`, {
      body: { available_quantity: 1 },
    });
    expect(answer.status).toBe(200);
    expect(await quantities(market)).toEqual([
      [11, 1],
      [12, 6],
    ]);
    expect(await read(market, SIZED)).toMatchObject({ available_quantity: 7, status: "active" });
  });

  test("pause the item when all are 0", async () => {
    const market = await withVariations();
    await market.api("PUT", `/items/${SIZED}/variations/11`, { body: { available_quantity: 0 } });
    await market.api("PUT", `/items/${SIZED}/variations/12`, { body: { available_quantity: 0 } });
    expect(await read(market, SIZED)).toMatchObject({ status: "paused", sub_status: ["out_of_stock"] });
  });

  test("left out of a list are deleted", async () => {
    const market = await withVariations();
    const kept = await put(market, { variations: [{ id: 11 }, { id: 12, available_quantity: 2 }] }, SIZED);
    expect(kept.status).toBe(200);
    expect(await quantities(market)).toEqual([
      [11, 4],
      [12, 2],
    ]);
    await put(market, { variations: [{ id: 12, available_quantity: 3 }] }, SIZED);
    expect(await quantities(market)).toEqual([[12, 3]]);
  });

  test("make the item's own quantity unwritable", async () => {
    const market = await withVariations();
    expect(await put(market, { available_quantity: 4 }, SIZED)).toMatchObject({
      status: 400,
      body: { cause: [{ code: "item.available_quantity.not_modifiable" }] },
    });
  });

  test("that do not exist are refused, and so are quantities that are none", async () => {
    const market = await withVariations();
    const at = (id: number, body: unknown) => market.api("PUT", `/items/${SIZED}/variations/${id}`, { body });
    expect(await at(99, { available_quantity: 1 })).toMatchObject({ status: 404 });
    expect(await at(11, { available_quantity: "1" })).toMatchObject({ status: 400 });
    expect(await at(11, {})).toMatchObject({ status: 400 });
    expect(await quantities(market)).toEqual([
      [11, 4],
      [12, 6],
    ]);
  });

  test("show their SKU only when all attributes are asked for", async () => {
    const market = await withVariations();
    expect((await read(market, SIZED)).variations[0]).not.toHaveProperty("attributes");
    const { body } = await market.api<ItemBody>("GET", `/items/${SIZED}?include_attributes=all`);
    expect(body.variations[0]?.attributes).toMatchObject([{ id: "SELLER_SKU", value_name: "KB-S" }]);
  });
});
