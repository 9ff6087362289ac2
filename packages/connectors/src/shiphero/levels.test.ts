// Levels over real HTTP: page by page, some items, and by a job.
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { valueOf } from "../contract/testing/value-of.ts";
import rawSnapshot from "./fixtures/snapshot.json" with { type: "json" };
import { answer, failure, rows, ShipHeroBench } from "./testing/shiphero-bench.ts";

let bench: ShipHeroBench;

beforeEach(async () => {
  bench = await ShipHeroBench.open();
});
afterEach(() => bench.close());

const level = (sku: string, more: object = {}) => ({
  sku,
  warehouse_id: "V2FyZWhvdXNlOjc2NzMz",
  on_hand: 48,
  allocated: 3,
  non_sellable_quantity: 5,
  ...more,
});
const lineOf = (item: string) => ({ item, facility: "76733", onHand: 48, held: 5, allocated: 3 });

describe("levels", () => {
  it("are read page by page, each as of the time that it took", async () => {
    bench.answers({
      warehouse_products: ({ variables }) => {
        bench.now += 900;
        const isFirst = variables.after === null;
        return answer(
          "warehouse_products",
          rows([level(isFirst ? "KB-M" : "KB-L")], isFirst ? "more" : null),
        );
      },
    });
    const [from, one] = [bench.now, bench.keeper()];
    expect(valueOf(await one.readLevels({}))).toEqual({
      kind: "levels",
      asOf: { from, to: from + 900 },
      lines: [lineOf("KB-M")],
      nextPage: "more",
    });
    expect(valueOf(await one.readLevels({ page: "more" }))).toMatchObject({
      lines: [lineOf("KB-L")],
      nextPage: null,
    });
  });

  it("of some items are asked at once, and one that is not there takes nothing from the others", async () => {
    const items = ['KB "M"', "gone"];
    bench.vendor.api = () => [
      200,
      {
        data: { sku0: { complexity: 2, ...rows([level('KB "M"')]) }, sku1: null },
        errors: [{ message: "Product not found", code: 5 }],
      },
    ];
    expect(valueOf(await bench.keeper().readLevels({ items }))).toMatchObject({ lines: [lineOf('KB "M"')] });
    expect(bench.asked[0]?.variables).toEqual({ sku0: 'KB "M"', sku1: "gone" });
    bench.answers({ warehouse_products: failure("Not enough credits", 30, { time_remaining: "2 seconds" }) });
    expect(await bench.keeper().readLevels({ items })).toMatchObject({ error: { retryAfterMs: 2_000 } });
  });

  it("by a job are pending until its file is there, warehouse by warehouse, as of the whole walk", async () => {
    let polls = 0;
    const job = (status: string, link: string | null) => ({
      snapshot: { snapshot_id: "5e70", status, error: null, snapshot_url: link },
    });
    const link = `${bench.vendor.baseUrl}/snapshots/5e70.json?Signature=x`;
    const graphql = {
      inventory_generate_snapshot: answer("inventory_generate_snapshot", job("enqueued", null)),
      inventory_snapshot: () => {
        polls += 1;
        return answer("inventory_snapshot", polls < 2 ? job("processing", null) : job("success", link));
      },
    };
    bench.answers(graphql);
    const { api } = bench.vendor;
    bench.vendor.api = (call, nth) => (call.method === "GET" ? [200, rawSnapshot] : api(call, nth));
    const one = bench.keeper({ fullLevels: "snapshot", snapshotEmail: "ana@example.com" });
    const from = bench.now;
    let page = valueOf(await one.readLevels({}));
    const waits: number[] = [];
    while (page.kind === "pending") {
      waits.push(page.askAgainAfterMs);
      bench.now += page.askAgainAfterMs;
      page = valueOf(await one.readLevels({ page: page.page }));
    }
    expect(waits).toHaveLength(2);
    expect(page.asOf).toEqual({ from, to: bench.now });
    expect(page.lines).toEqual([
      { item: "FU10040045", facility: "76733", onHand: 2313, held: 7, allocated: 65 },
      { item: "FU10040045", facility: "12345", onHand: 12, held: 0, allocated: 0 },
    ]);
    const fetched = bench.vendor.calls.find(({ method }) => method === "GET");
    expect(fetched?.headers.authorization).toBeUndefined();
    await one.readLevels({ page: page.nextPage ?? "" });
    const started = bench.vendor.calls.filter(({ body }) => body.includes("inventory_generate_snapshot"));
    expect(started.map(({ body }) => JSON.parse(body).variables.data)).toEqual(
      ["V2FyZWhvdXNlOjEyMzQ1", "V2FyZWhvdXNlOjc2NzMz"].map((id) => ({
        new_format: true,
        warehouse_id: id,
        notification_email: "ana@example.com",
      })),
    );
  });

  it("by a job that came to nothing are none", async () => {
    const snapshot = {
      snapshot_id: "5e70",
      status: "error",
      error: "could not be generated",
      snapshot_url: null,
    };
    bench.answers({
      inventory_generate_snapshot: answer("inventory_generate_snapshot", { snapshot }),
      inventory_snapshot: answer("inventory_snapshot", { snapshot }),
    });
    const one = bench.keeper({ fullLevels: "snapshot" });
    const page = valueOf(await one.readLevels({}));
    if (page.kind !== "pending") throw new Error(page.kind);
    expect(await one.readLevels({ page: page.page })).toMatchObject({ error: { code: "snapshot_failed" } });
    expect(await one.readLevels({ page: "?" })).toMatchObject({ error: { kind: "bug" } });
  });

  it("whose file is gone or no file at all are none", async () => {
    const link = `${bench.vendor.baseUrl}/snapshots/5e70.json`;
    const snapshot = { snapshot_id: "5e70", status: "success", error: null, snapshot_url: link };
    bench.answers({ inventory_snapshot: answer("inventory_snapshot", { snapshot }) });
    const { api } = bench.vendor;
    const page = JSON.stringify({ index: 0, jobId: "5e70", askedAt: bench.now });
    for (const file of [
      [403, "<Error/>"],
      [200, { products: [] }],
    ] as const) {
      bench.vendor.api = (call, nth) => (call.method === "GET" ? file : api(call, nth));
      const read = await bench.keeper({ fullLevels: "snapshot" }).readLevels({ page });
      expect(read).toMatchObject({ error: { kind: "rejected", code: "snapshot_failed" } });
    }
  });

  it("are not fetched by a way that is less safe than the API's own", async () => {
    const snapshot = {
      snapshot_id: "5e70",
      status: "success",
      error: null,
      snapshot_url: "ftp://127.0.0.1/x",
    };
    bench.answers({
      inventory_generate_snapshot: answer("inventory_generate_snapshot", { snapshot }),
      inventory_snapshot: answer("inventory_snapshot", { snapshot }),
    });
    const one = bench.keeper({ fullLevels: "snapshot" });
    const page = valueOf(await one.readLevels({}));
    const read = await one.readLevels({ page: page.kind === "pending" ? page.page : "" });
    expect(read).toMatchObject({ ok: false, error: { kind: "transient" } });
  });
});
