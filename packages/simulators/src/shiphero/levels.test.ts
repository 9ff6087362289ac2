import { describe, expect, it } from "vitest";

import { OTHER_SKU, SKU, startTestShipHero, type TestShipHero } from "./test-shiphero.ts";

interface LevelNode {
  on_hand: number;
  allocated: number;
  available: number;
  backorder: number;
  in_tote: number;
  non_sellable_quantity: number;
  reserve_inventory: number;
}

const FIGURES = "on_hand allocated available backorder in_tote non_sellable_quantity reserve_inventory";

async function level({ ask }: TestShipHero, sku = SKU): Promise<LevelNode | undefined> {
  const answer = await ask<{ warehouse_products: { data: { edges: { node: LevelNode }[] } } }>(
    `query ($sku: String) { warehouse_products(sku: $sku) { data(first: 5) { edges { node { ${FIGURES} } } } } }`,
    { sku },
  );
  return answer.warehouse_products.data.edges[0]?.node;
}

interface ChangeNode {
  sku: string;
  previous_on_hand: number;
  change_in_on_hand: number;
  reason: string;
  cycle_counted: boolean;
  created_at: string;
  location: { name: string; sellable: boolean };
}

async function changes({ ask }: TestShipHero, more = ""): Promise<ChangeNode[]> {
  const answer = await ask<{ inventory_changes: { data: { edges: { node: ChangeNode }[] } } }>(
    `{ inventory_changes(sku: "${SKU}"${more}) { data(first: 50) { edges { node {
      sku previous_on_hand change_in_on_hand reason cycle_counted created_at location { name sellable } } } } } }`,
  );
  return answer.inventory_changes.data.edges
    .map(({ node }) => node)
    .filter(({ reason }) => !reason.startsWith("Initial"));
}

const main = { facility: "main", item: SKU };

describe("a level", () => {
  it("is allocated at the order, in totes from the pick, and off the hand at the shipment", async () => {
    const vendor = await startTestShipHero();
    const { legacy_id: id } = await vendor.order(3);
    expect(await level(vendor)).toMatchObject({ on_hand: 10, allocated: 3, available: 7, in_tote: 0 });
    await vendor.act("pick", { id: String(id) });
    expect(await level(vendor)).toMatchObject({ on_hand: 10, allocated: 3, available: 7, in_tote: 3 });
    await vendor.act("pack", { id: String(id) });
    await vendor.act("ship", { id: String(id) });
    expect(await level(vendor)).toMatchObject({ on_hand: 7, allocated: 0, available: 7, in_tote: 0 });
  });

  it("owes what it does not have as a backorder", async () => {
    const vendor = await startTestShipHero();
    await vendor.order(14);
    expect(await level(vendor)).toMatchObject({ on_hand: 10, allocated: 10, available: 0, backorder: 4 });
  });

  it("counts damaged and held units apart from what is on hand", async () => {
    const vendor = await startTestShipHero();
    await vendor.act("damage", { ...main, units: 2, noticed: true });
    await vendor.act("hold", { ...main, units: 1 });
    expect(await level(vendor)).toMatchObject({ on_hand: 7, non_sellable_quantity: 3, available: 7 });
    const bins = await vendor.ask<{
      warehouse_products: { data: { edges: { node: { locations: unknown } }[] } };
    }>(
      `{ warehouse_products(sku: "${SKU}") { data { edges { node { locations(first: 5) {
        edges { node { quantity location { name sellable } } } } } } } } }`,
    );
    expect(bins.warehouse_products.data.edges[0]?.node.locations).toEqual({
      edges: [
        {
          node: {
            quantity: 7,
            location: { name: expect.stringMatching(/^[A-Z]{2}(-\d\d){3}$/), sellable: true },
          },
        },
        { node: { quantity: 1, location: { name: "QUARANTINE-01", sellable: false } } },
        { node: { quantity: 2, location: { name: "DAMAGED-01", sellable: false } } },
      ],
    });
  });

  it("keeps what the record says until somebody counts", async () => {
    const vendor = await startTestShipHero();
    await vendor.act("lose", { ...main, units: 4 });
    expect(await level(vendor)).toMatchObject({ on_hand: 10 });
    expect(vendor.truth().stocks[0]).toMatchObject({ physicalUnits: 6, recordedUnits: 10, recordError: 4 });
    await vendor.act("count", main);
    expect(await level(vendor)).toMatchObject({ on_hand: 6 });
  });

  it("shows a reserve beside it", async () => {
    const vendor = await startTestShipHero();
    await vendor.ask(
      `mutation { warehouse_product_update(data: { sku: "${SKU}", warehouse_id: "${vendor.warehouseId}", reserve_inventory: 2 })
        { warehouse_product { reserve_inventory } } }`,
    );
    expect(await level(vendor)).toMatchObject({ on_hand: 10, available: 10, reserve_inventory: 2 });
  });

  it("is corrected over the API: the record changes, the building does not", async () => {
    const vendor = await startTestShipHero();
    const change = (field: string, quantity: number) =>
      vendor.ask(
        `mutation { ${field}(data: { sku: "${SKU}", warehouse_id: "${vendor.warehouseId}", quantity: ${quantity}, reason: "Recount" })
          { warehouse_product { on_hand } } }`,
      );
    expect(await change("inventory_add", 5)).toEqual({
      inventory_add: { warehouse_product: { on_hand: 15 } },
    });
    expect(await change("inventory_remove", 2)).toEqual({
      inventory_remove: { warehouse_product: { on_hand: 13 } },
    });
    expect(await change("inventory_subtract", 1)).toMatchObject({
      inventory_subtract: { warehouse_product: { on_hand: 12 } },
    });
    expect(await change("inventory_replace", 9)).toMatchObject({
      inventory_replace: { warehouse_product: { on_hand: 9 } },
    });
    expect(vendor.truth().stocks[0]).toMatchObject({ physicalUnits: 10, recordedUnits: 9 });
  });

  it("is found by the time it changed", async () => {
    const vendor = await startTestShipHero();
    await vendor.sim("POST", "/clock", { advanceMs: 60_000 });
    await vendor.act("count", { ...main, item: OTHER_SKU });
    const answer = await vendor.ask<{ warehouse_products: { data: { edges: { node: { sku: string } }[] } } }>(
      `{ warehouse_products(updated_from: "2026-11-23T10:21:00") { data { edges { node { sku } } } } }`,
    );
    expect(answer.warehouse_products.data.edges.map(({ node }) => node.sku)).toEqual([OTHER_SKU]);
  });
});

describe("a page", () => {
  it("is followed by its end cursor", async () => {
    const vendor = await startTestShipHero();
    const query = `query ($after: String) { warehouse_products { data(first: 1, after: $after) {
      pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { sku } } } } }`;
    interface Page {
      warehouse_products: {
        data: { pageInfo: { hasNextPage: boolean; endCursor: string }; edges: { node: { sku: string } }[] };
      };
    }
    const first = (await vendor.ask<Page>(query)).warehouse_products.data;
    expect(first).toMatchObject({ pageInfo: { hasNextPage: true }, edges: [{ node: { sku: SKU } }] });
    const after = first.pageInfo.endCursor;
    const second = (await vendor.ask<Page>(query, { after })).warehouse_products.data;
    expect(second).toMatchObject({
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
      edges: [{ node: { sku: OTHER_SKU } }],
    });
  });

  it("is read from the end, and sorted", async () => {
    const vendor = await startTestShipHero();
    const skus = async (page: string) => {
      const answer = await vendor.ask<{ products: { data: { edges: { node: { sku: string } }[] } } }>(
        `{ products { data(${page}) { edges { node { sku } } } } }`,
      );
      return answer.products.data.edges.map(({ node }) => node.sku);
    };
    expect(await skus("last: 1")).toEqual([OTHER_SKU]);
    expect(await skus(`first: 2, sort: "sku"`)).toEqual([OTHER_SKU, SKU]);
    expect(await skus(`first: 2, sort: "-sku"`)).toEqual([SKU, OTHER_SKU]);
    const { errors } = await vendor.graphql(
      `{ products { data(first: 2, sort: "nothing") { edges { cursor } } } }`,
    );
    expect(errors?.[0]).toMatchObject({ operation: "products", message: "Cannot sort by nothing" });
  });
});

describe("the change log", () => {
  it("tells bins and what was on hand before, and is silent of picks", async () => {
    const vendor = await startTestShipHero();
    const { legacy_id: id } = await vendor.order(3);
    await vendor.act("pick", { id: String(id) });
    expect(await changes(vendor)).toEqual([]);
    await vendor.act("pack", { id: String(id) });
    await vendor.act("ship", { id: String(id) });
    await vendor.act("damage", { ...main, units: 1, noticed: true });
    expect(await changes(vendor)).toMatchObject([
      {
        previous_on_hand: 10,
        change_in_on_hand: -3,
        reason: "Order N-REF-1 shipped",
        location: { sellable: true },
      },
      { previous_on_hand: 7, change_in_on_hand: -1, location: { sellable: true } },
      { previous_on_hand: 6, change_in_on_hand: 1, location: { name: "DAMAGED-01", sellable: false } },
    ]);
  });

  it("marks a cycle count, and has times without a zone", async () => {
    const vendor = await startTestShipHero();
    await vendor.act("lose", { ...main, units: 1 });
    await vendor.act("count", main);
    expect(await changes(vendor)).toMatchObject([
      { change_in_on_hand: -1, cycle_counted: true, created_at: "2026-11-23T10:20:30" },
    ]);
  });

  it("is searched by time, and by a part of the reason within 60 days", async () => {
    const vendor = await startTestShipHero();
    await vendor.act("find", { ...main, units: 1, noticed: true, reason: "Behind the rack" });
    await vendor.sim("POST", "/clock", { advanceMs: 3_600_000 });
    await vendor.act("find", { ...main, units: 2, noticed: true });
    expect(await changes(vendor, `, date_from: "2026-11-23T11:00:00"`)).toMatchObject([
      { change_in_on_hand: 2 },
    ]);
    expect(await changes(vendor, `, reason: "rack", date_from: "2026-11-01"`)).toHaveLength(1);
    const { errors } = await vendor.graphql(
      `{ inventory_changes(reason: "rack", date_from: "2026-01-01") { request_id } }`,
    );
    expect(errors?.[0]?.message).toContain("60 days");
  });
});

describe("a lag", () => {
  it("may be of some rows only", async () => {
    const vendor = await startTestShipHero();
    await vendor.sim("POST", "/clock", { advanceMs: 600_000 });
    await vendor.sim("PUT", "/faults", { reads: { lagMs: 30_000, lagShare: 0.5 } });
    await vendor.act("find", { ...main, units: 1, noticed: true });
    const seen = new Set<number | undefined>();
    for (let n = 0; n < 20; n += 1) seen.add((await level(vendor))?.on_hand);
    expect(seen).toEqual(new Set([10, 11]));
  });

  it("shows levels and changes as they were, and orders not at all", async () => {
    const vendor = await startTestShipHero();
    await vendor.sim("POST", "/clock", { advanceMs: 600_000 });
    await vendor.sim("PUT", "/faults", { reads: { lagMs: 30_000 } });
    const { id } = await vendor.order(3);
    await vendor.act("damage", { ...main, units: 1, noticed: true });
    const find = `{ order(id: "${id}") { data { id } } }`;
    expect(await level(vendor)).toMatchObject({ on_hand: 10, allocated: 0 });
    expect(await changes(vendor)).toEqual([]);
    expect((await vendor.graphql(find)).errors?.[0]?.code).toBe(5);
    await vendor.sim("POST", "/clock", { advanceMs: 30_000 });
    expect(await level(vendor)).toMatchObject({ on_hand: 9, allocated: 3 });
    expect(await changes(vendor)).toHaveLength(2);
    expect((await vendor.graphql(find)).errors).toBeUndefined();
  });
});
