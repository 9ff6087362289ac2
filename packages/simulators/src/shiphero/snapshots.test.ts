import { describe, expect, it } from "vitest";

import {
  OTHER_SKU,
  passTime,
  SKU,
  startCallback,
  startTestShipHero,
  type TestShipHero,
} from "./test-shiphero.ts";

const HOUR_MS = 3_600_000;
const FIELDS = "snapshot_id status error post_error snapshot_url snapshot_expiration created_at warehouse_id";

interface Snapshot {
  snapshot_id: string;
  status: string;
  error: string | null;
  post_error: string | null;
  snapshot_url: string | null;
  snapshot_expiration: string | null;
}

async function generate({ ask }: TestShipHero, data: object = {}): Promise<Snapshot> {
  const answer = await ask<{ inventory_generate_snapshot: { snapshot: Snapshot } }>(
    `mutation ($data: InventoryGenerateSnapshotInput!) { inventory_generate_snapshot(data: $data) { snapshot { ${FIELDS} } } }`,
    { data },
  );
  return answer.inventory_generate_snapshot.snapshot;
}

async function read({ ask }: TestShipHero, id: string): Promise<Snapshot> {
  const answer = await ask<{ inventory_snapshot: { snapshot: Snapshot } }>(
    `{ inventory_snapshot(snapshot_id: "${id}") { snapshot { ${FIELDS} } } }`,
  );
  return answer.inventory_snapshot.snapshot;
}

interface Row {
  sku: string;
  warehouse_products: Record<string, { on_hand: number; item_bins: Record<string, { quantity: number }> }>;
}

interface File {
  snapshot_started_at: string;
  products: Record<string, Record<string, Row>>;
}

async function download(snapshot: Snapshot): Promise<{ status: number; text: string }> {
  const response = await fetch(snapshot.snapshot_url ?? "");
  return { status: response.status, text: await response.text() };
}

async function onHands(
  vendor: TestShipHero,
  snapshot: Snapshot,
): Promise<Record<string, number | undefined>> {
  const file = JSON.parse((await download(snapshot)).text) as File;
  const products = file.products[vendor.account.accountId] ?? {};
  return Object.fromEntries(
    Object.values(products).map((row) => [row.sku, row.warehouse_products[vendor.warehouseId]?.on_hand]),
  );
}

/** One product at a time, a second apart, from a second on. */
const slowly = {
  settings: { snapshots: { startDelayMs: { min: 1_000, max: 1_000 }, productsPerStep: 1, stepMs: 1_000 } },
};

describe("a snapshot", () => {
  it("is a job: enqueued, processing, and then a link", async () => {
    const vendor = await startTestShipHero(slowly);
    const { snapshot_id: id, ...made } = await generate(vendor, { warehouse_id: vendor.warehouseId });
    expect(made).toMatchObject({ status: "enqueued", snapshot_url: null, warehouse_id: vendor.warehouseId });
    await vendor.sim("POST", "/clock", { advanceMs: 1_000 });
    expect(await read(vendor, id)).toMatchObject({ status: "processing", snapshot_url: null });
    await vendor.sim("POST", "/clock", { advanceMs: 1_000 });
    expect(await read(vendor, id)).toMatchObject({
      status: "success",
      snapshot_url: expect.stringContaining(`${vendor.url}/snapshots/${id}.json?`),
      snapshot_expiration: "2026-11-24T10:20:32",
    });
  });

  it("holds figures, bins and when the walk began, by account and SKU", async () => {
    const vendor = await startTestShipHero(slowly);
    await vendor.act("damage", { facility: "main", item: SKU, units: 1, noticed: true });
    const { snapshot_id: id } = await generate(vendor);
    await vendor.sim("POST", "/clock", { advanceMs: 5_000 });
    const file = JSON.parse((await download(await read(vendor, id))).text) as File;
    expect(file.snapshot_started_at).toBe("2026-11-23T10:20:31");
    const row = file.products[vendor.account.accountId]?.[SKU];
    expect(row?.warehouse_products[vendor.warehouseId]).toMatchObject({
      on_hand: 9,
      allocated: 0,
      available: 9,
      backorder: 0,
      reserve: 0,
      non_sellable: 1,
      sell_ahead: 0,
      qty_in_totes: 0,
    });
    const bins = Object.values(row?.warehouse_products[vendor.warehouseId]?.item_bins ?? {});
    expect(bins.map(({ quantity }) => quantity)).toEqual([9, 1]);
  });

  it("is torn: a unit that moves while it walks is counted twice or not at all", async () => {
    const vendor = await startTestShipHero(slowly);
    const { snapshot_id: id } = await generate(vendor);
    await vendor.sim("POST", "/clock", { advanceMs: 1_500 });
    // The first product has been read, the second has not.
    await vendor.act("find", { facility: "main", item: SKU, units: 5, noticed: true });
    await vendor.act("find", { facility: "main", item: OTHER_SKU, units: 5, noticed: true });
    await vendor.sim("POST", "/clock", { advanceMs: 1_000 });
    expect(await onHands(vendor, await read(vendor, id))).toEqual({ [SKU]: 10, [OTHER_SKU]: 10 });
  });

  it("is kept behind its link for 24 hours", async () => {
    const vendor = await startTestShipHero(slowly);
    const { snapshot_id: id } = await generate(vendor);
    await vendor.sim("POST", "/clock", { advanceMs: 2_000 });
    const snapshot = await read(vendor, id);
    expect((await download(snapshot)).status).toBe(200);
    const forged = snapshot.snapshot_url?.replace(/Signature=.*/, "Signature=0") ?? null;
    expect((await download({ ...snapshot, snapshot_url: forged })).status).toBe(403);
    await vendor.sim("POST", "/clock", { advanceMs: 24 * HOUR_MS });
    expect((await download(snapshot)).status).toBe(403);
  });

  it("is cut down to what has changed, to what is there, and to one building", async () => {
    const vendor = await startTestShipHero(slowly);
    await vendor.sim("PUT", "/account", { items: [{ sku: "EMPTY", units: { main: 0 } }] });
    await vendor.sim("POST", "/clock", { advanceMs: 60_000 });
    await vendor.act("find", { facility: "main", item: OTHER_SKU, units: 1, noticed: true });
    const skus = async (data: object) => {
      const { snapshot_id: id } = await generate(vendor, data);
      await vendor.sim("POST", "/clock", { advanceMs: 10_000 });
      return Object.keys(await onHands(vendor, await read(vendor, id)));
    };
    expect(await skus({})).toEqual([SKU, OTHER_SKU, "EMPTY"]);
    expect(await skus({ has_inventory: true })).toEqual([SKU, OTHER_SKU]);
    expect(await skus({ updated_from: "2026-11-23T10:21:00" })).toEqual([OTHER_SKU]);
    const { errors } = await vendor.graphql(
      `mutation { inventory_generate_snapshot(data: { warehouse_id: "V2FyZWhvdXNlOjE=" }) { snapshot { snapshot_id } } }`,
    );
    expect(errors?.[0]?.message).toBe("Warehouse not found");
  });

  it("is posted when it is done, to an address that was tried before", async () => {
    const callback = await startCallback();
    const vendor = await startTestShipHero(slowly);
    const { snapshot_id: id } = await generate(vendor, { post_url: callback.url });
    expect(callback.arrivals.map(({ body }) => body)).toEqual([{}]);
    await vendor.sim("POST", "/clock", { advanceMs: 2_000 });
    await expect.poll(() => callback.arrivals.length).toBe(2);
    const { snapshot_url: url } = await read(vendor, id);
    expect(callback.arrivals[1]?.body).toMatchObject({
      snapshot_id: id,
      status: "success",
      snapshot_url: url,
    });
  });

  it("is not begun for an address that takes no posts, unless that is not to be tried", async () => {
    const callback = await startCallback();
    callback.answerWith = () => ({ status: 404, body: "" });
    const vendor = await startTestShipHero(slowly);
    const query = `mutation ($data: InventoryGenerateSnapshotInput!) { inventory_generate_snapshot(data: $data) { snapshot { snapshot_id } } }`;
    const { errors } = await vendor.graphql(query, { data: { post_url: callback.url } });
    expect(errors?.[0]?.message).toContain("does not accept");
    const { snapshot_id: id } = await generate(vendor, { post_url: callback.url, post_url_pre_check: false });
    await passTime(vendor, 2_000);
    await expect.poll(async () => (await read(vendor, id)).post_error).toContain("404");
  });

  it("is aborted while it runs", async () => {
    const vendor = await startTestShipHero(slowly);
    const { snapshot_id: id } = await generate(vendor);
    await vendor.sim("POST", "/clock", { advanceMs: 1_500 });
    const abort = `mutation { inventory_abort_snapshot(data: { snapshot_id: "${id}", reason: "Enough" }) { snapshot { status } } }`;
    expect(await vendor.ask(abort)).toEqual({
      inventory_abort_snapshot: { snapshot: { status: "aborted" } },
    });
    await vendor.sim("POST", "/clock", { advanceMs: 10_000 });
    expect(await read(vendor, id)).toMatchObject({ status: "aborted", error: "Enough", snapshot_url: null });
    expect((await vendor.graphql(abort)).errors?.[0]?.message).toContain("finished");
  });

  it("fails for too large an account, or as a fault, and may leave products out", async () => {
    const vendor = await startTestShipHero(slowly);
    await vendor.sim("PUT", "/settings", { snapshots: { mostProducts: 1 } });
    const whole = await generate(vendor);
    const one = await generate(vendor, { warehouse_id: vendor.warehouseId });
    await vendor.sim("POST", "/clock", { advanceMs: 10_000 });
    expect(await read(vendor, whole.snapshot_id)).toMatchObject({ status: "error", snapshot_url: null });
    expect((await read(vendor, one.snapshot_id)).status).toBe("success");
    await vendor.sim("PUT", "/faults", { snapshots: { dropProduct: 1 } });
    const empty = await generate(vendor, { warehouse_id: vendor.warehouseId });
    await vendor.sim("POST", "/clock", { advanceMs: 10_000 });
    expect(await onHands(vendor, await read(vendor, empty.snapshot_id))).toEqual({});
    await vendor.sim("PUT", "/faults", { snapshots: { fail: 1 } });
    const failed = await generate(vendor, { warehouse_id: vendor.warehouseId });
    await vendor.sim("POST", "/clock", { advanceMs: 10_000 });
    expect(await read(vendor, failed.snapshot_id)).toMatchObject({
      status: "error",
      error: expect.any(String),
    });
  });

  it("may be in the older form, by SKU alone", async () => {
    const vendor = await startTestShipHero(slowly);
    await vendor.sim("PUT", "/settings", { snapshots: { format: "by_sku" } });
    const { snapshot_id: id } = await generate(vendor);
    await vendor.sim("POST", "/clock", { advanceMs: 10_000 });
    const file = JSON.parse((await download(await read(vendor, id))).text) as {
      products: Record<string, Row>;
    };
    expect(Object.keys(file.products)).toEqual([SKU, OTHER_SKU]);
  });
});
