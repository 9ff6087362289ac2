import { describe, expect, it } from "vitest";

import { orderInput, SKU, startTestShipHero } from "./test-shiphero.ts";

const CREATE = "mutation ($data: CreateOrderInput!) { order_create(data: $data) { order { id } } }";

describe("a query that is not valid", () => {
  it.each([
    ["a field the vendor does not have", "{ products { data { edges { node { onHand } } } } }"],
    ["an argument it does not have", `{ product(barcode: "1") { data { id } } }`],
    ["a required argument that is missing", "{ order { data { id } } }"],
    ["no GraphQL at all", "products please"],
    ["a time that is none", `{ products(updated_from: "yesterday") { data { edges { node { id } } } } }`],
  ])("is answered with status 400: %s", async (_, query) => {
    const { graphql } = await startTestShipHero();
    const { status, errors } = await graphql(query);
    expect(status).toBe(400);
    expect(errors?.[0]?.message).toEqual(expect.any(String));
  });

  it("is refused for a variable of the wrong type", async () => {
    const { graphql } = await startTestShipHero();
    const data = { ...orderInput("R", 1), line_items: [{ sku: SKU, quantity: "two" }] };
    expect((await graphql(CREATE, { data })).status).toBe(400);
  });

  it("is refused without a query", async () => {
    const { graphqlUrl, account } = await startTestShipHero();
    const response = await fetch(graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${account.accessToken}` },
      body: "{}",
    });
    expect(response.status).toBe(400);
  });
});

describe("what the vendor refuses", () => {
  it("is told in an answer with status 200, in the documented shape", async () => {
    const { graphql } = await startTestShipHero();
    const { status, body } = await graphql(`
      {
        order(id: "T3JkZXI6MQ==") {
          request_id
          data {
            id
          }
        }
      }
    `);
    expect(status).toBe(200);
    expect(body).toEqual({
      errors: [
        {
          message: "Order not found",
          operation: "order",
          field: "order",
          request_id: expect.stringMatching(/^[0-9a-f]{24}$/),
          code: 5,
        },
      ],
      data: { order: null },
    });
  });

  it("does not take the answer to the other question along", async () => {
    const { graphql } = await startTestShipHero();
    const { body } = await graphql(
      `{ bad: order(id: "nothing") { data { id } } good: product(sku: "${SKU}") { data { sku } } }`,
    );
    expect(body).toMatchObject({
      errors: [{ operation: "order", code: 5 }],
      data: { bad: null, good: { data: { sku: SKU } } },
    });
  });

  const line = { sku: SKU, partner_line_item_id: "1", quantity: 1, price: "1.00" };
  it.each([
    ["an SKU it does not know", { line_items: [{ ...line, sku: "NO-SUCH" }] }, "not found"],
    ["no lines", { line_items: [] }, "line_items"],
    ["no units", { line_items: [{ ...line, quantity: 0 }] }, "Quantity"],
    ["two lines of one id", { line_items: [line, line] }, "partner_line_item_id"],
    [
      "a building it does not have",
      { line_items: [{ ...line, warehouse_id: "V2FyZWhvdXNlOjE=" }] },
      "Warehouse",
    ],
    [
      "the order's id in place of a building's",
      { line_items: [{ ...line, warehouse_id: "1" }] },
      "Warehouse",
    ],
    ["another account", { customer_account_id: "QWNjb3VudDox" }, "Account"],
  ])("in an order: %s", async (_, change, message) => {
    const { graphql, truth } = await startTestShipHero();
    const { status, errors, data } = await graphql(CREATE, { data: { ...orderInput("R", 1), ...change } });
    expect(status).toBe(200);
    expect(errors?.[0]).toMatchObject({
      operation: "order_create",
      message: expect.stringContaining(message),
    });
    expect(data).toEqual({ order_create: null });
    expect(truth().orders).toEqual({});
  });

  it("in a second order of the same reference, unless the settings take it", async () => {
    const vendor = await startTestShipHero();
    const first = await vendor.order(1);
    const again = await vendor.graphql(CREATE, { data: orderInput("REF-1", 1) });
    expect(again.errors?.[0]?.message).toContain("already exists");
    await vendor.sim("PUT", "/settings", { duplicateOrders: "accepted" });
    const second = await vendor.order(1);
    expect(second.id).not.toBe(first.id);
  });

  it.each([
    ["a webhook it does not have", `name: "Inventory Updated", url: "https://a.example"`],
    ["an address that is none", `name: "Inventory Update", url: "a.example"`],
  ])("in a webhook: %s", async (_, data) => {
    const { graphql } = await startTestShipHero();
    const { errors } = await graphql(`mutation { webhook_create(data: { ${data} }) { webhook { id } } }`);
    expect(errors?.[0]).toMatchObject({
      operation: "webhook_create",
      message: expect.stringContaining("Invalid"),
    });
  });

  it("in a level: more than lies there, another item's bin, nothing", async () => {
    const { graphql, ask, warehouseId } = await startTestShipHero();
    const remove = (more: string) =>
      graphql(
        `mutation { inventory_remove(data: { sku: "${SKU}", warehouse_id: "${warehouseId}", ${more} }) { request_id } }`,
      );
    expect((await remove("quantity: 11")).errors?.[0]?.message).toContain("Not enough");
    expect((await remove("quantity: 0")).errors?.[0]?.message).toContain("greater than 0");
    const bins = await ask<{ locations: { data: { edges: { node: { id: string } }[] } } }>(
      `{ locations(sku: "KB-L") { data { edges { node { id } } } } }`,
    );
    const other = bins.locations.data.edges[0]?.node.id;
    expect((await remove(`quantity: 1, location_id: "${other}"`)).errors?.[0]?.message).toBe(
      "Location not found",
    );
  });
});
