import { describe, expect, it } from "vitest";

import { aListing, aSku } from "../../../testing/a-row.ts";
import { emptyPool, listingKey, withNumbers, withRows } from "./pool.ts";

const NOW = 1_000_000;

const page = (seq: number, ...skus: ReturnType<typeof aSku>[]) => ({ seq, skus });

describe("rows read from the API", () => {
  it("are added in the order they come, each at the sequence of its page", () => {
    const first = withRows(emptyPool(), page(5, aSku("A"), aSku("B")), NOW);
    const both = withRows(first, page(6, aSku("C")), NOW);
    expect(both.rows.map(({ sku, seq }) => [sku, seq])).toEqual([
      ["A", 5],
      ["B", 5],
      ["C", 6],
    ]);
  });

  it("replace a row where it stands", () => {
    const pool = withRows(emptyPool(), page(5, aSku("A"), aSku("B")), NOW);
    const again = withRows(pool, page(9, aSku("A", { available: 1 })), NOW);
    expect(again.rows.map(({ sku, available }) => [sku, available])).toEqual([
      ["A", 1],
      ["B", 7],
    ]);
  });

  it("leave the rows they do not name as they are, so that these are not drawn again", () => {
    const pool = withRows(emptyPool(), page(5, aSku("A"), aSku("B")), NOW);
    expect(withRows(pool, page(6, aSku("A")), NOW).rows[1]).toBe(pool.rows[1]);
  });

  it("bring their listings but not numbers that the stream has already carried further", () => {
    const pool = withNumbers(withRows(emptyPool(), page(5, aSku("A")), NOW), 8, [
      aSku("A", { available: 2 }),
    ]);
    const late = withRows(pool, page(7, aSku("A", { available: 6, listings: [aListing()] })), NOW);
    expect(late.rows[0]).toMatchObject({ available: 2, seq: 8, listings: [{ externalId: "MLM1" }] });
  });

  it("tell which SKUs sell through a listing", () => {
    const kit = aListing({ externalId: "KIT" });
    const pool = withRows(
      emptyPool(),
      page(5, aSku("A", { listings: [kit] }), aSku("B", { listings: [kit] })),
      NOW,
    );
    expect([...(pool.byListing.get(listingKey("meli-mx", "KIT")) ?? [])]).toEqual(["A", "B"]);
  });
});

describe("a listing's state", () => {
  const states = (...read: [state: "shown" | "drift", at: number][]) =>
    read.reduce(
      (pool, [state, at]) => withRows(pool, page(5, aSku("A", { listings: [aListing({ state })] })), at),
      emptyPool(),
    ).rows[0]?.listings[0];

  it("is timed from the first reading that said so", () => {
    expect(states(["shown", 100], ["drift", 200], ["drift", 300])).toMatchObject({
      stateSince: 200,
      readAt: 300,
    });
  });

  it("begins anew after another one", () => {
    expect(states(["drift", 100], ["shown", 200], ["drift", 300])).toMatchObject({ stateSince: 300 });
  });
});

describe("numbers of an event", () => {
  const pool = withRows(emptyPool(), page(5, aSku("A"), aSku("B")), NOW);

  it("take the place of older ones and leave title and listings", () => {
    const next = withNumbers(pool, 6, [{ ...aSku("B", { available: 6, committed: 3 }) }]);
    expect(next.rows[1]).toMatchObject({ available: 6, committed: 3, title: "Title of B", seq: 6 });
    expect(next.rows[0]).toBe(pool.rows[0]);
  });

  it("are passed over when the row was read at that sequence or after it", () => {
    expect(withNumbers(pool, 5, [aSku("A", { available: 0 })])).toBe(pool);
  });

  it("of a SKU that is not loaded change nothing", () => {
    expect(withNumbers(pool, 9, [aSku("Z")])).toBe(pool);
  });

  it("do not touch the pool they started from", () => {
    withNumbers(pool, 7, [aSku("A", { available: -1 })]);
    expect(pool.rows[0]?.available).toBe(7);
  });
});
