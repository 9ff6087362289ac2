import type { ChangedOrdersPage, ChangedOrdersQuery } from "@onepool/connectors/contract/connector.ts";
import { describe, expect, it } from "vitest";

import { type BatteryBench, valueOf } from "./battery-bench.ts";
import { type BatteryParts, benchOfEachTest, needed } from "./bench-of-each-test.ts";

const HOUR_MS = 3_600_000;

/** A list that has not ended by then never will. */
const PAGES_MAX = 100;

/** The list of changed orders: the net under the notifications. */
export function orderListTests(parts: BatteryParts): void {
  paging(parts);
  endOfPages(parts);
}

function paging(parts: BatteryParts): void {
  const { kind } = parts.subject;

  describe("the list of changed orders", () => {
    const bench = benchOfEachTest(parts);

    it("is empty where nothing changed", async () => {
      expect(idsOf(await walk(bench(), { from: bench().channel.clock.now() - HOUR_MS }))).toEqual([]);
    });

    it("is read to its end, page by page, each order with a time and a fingerprint", async () => {
      const from = bench().channel.clock.now() - HOUR_MS;
      const sold = await sellMany(bench());
      const pages = await walk(bench(), { from });
      expect(pages.length).toBeGreaterThan(1);
      expect(new Set(idsOf(pages))).toEqual(new Set(sold));
      for (const { orders: rows } of pages)
        for (const { updatedAt, fingerprint } of rows) {
          expect(updatedAt).toBeGreaterThan(from);
          expect(updatedAt).toBeLessThanOrEqual(bench().channel.clock.now());
          expect(fingerprint).not.toBe("");
        }
    });

    it.for(["open", "ended"] as const)(
      "%s, loses no order that changes, or stays the same, while it is being read",
      async (end) => {
        const from = bench().channel.clock.now() - HOUR_MS;
        const sold = await sellMany(bench());
        // So long ago that only this walk can find those that stay the same.
        await bench().channel.advance(kind.capability.orderPollOverlapMs + 3 * HOUR_MS);
        const startedAt = bench().channel.clock.now();
        const query: ChangedOrdersQuery = { from, ...(end === "open" ? {} : { to: startedAt }) };
        const late: string[] = [];
        const pages = await walk(bench(), query, async (nth, page) => {
          if (nth > 3) return;
          // What the first pages told changes behind the reader's back, and something new turns up.
          await bench().channel.advance(2 * HOUR_MS);
          for (const { orderId } of page.orders.slice(0, 15)) await bench().channel.step(orderId, "cancel");
          late.push(await bench().sell());
        });
        const again = await walk(bench(), { from: startedAt - kind.capability.orderPollOverlapMs });
        const found = new Map(
          [...pages, ...again].flatMap((page) => page.orders).map((row) => [row.orderId, row.fingerprint]),
        );
        const isCut = pages.some(({ isTruncated }) => isTruncated);
        const missing = [...sold, ...late].filter((orderId) => !found.has(orderId));
        expect(isCut ? "cut, and said so" : missing).toEqual(isCut ? "cut, and said so" : []);
        for (const orderId of [...sold.slice(0, 10), ...late])
          expect(found.get(orderId), orderId).toBe((await bench().order(orderId)).fingerprint);
      },
    );
  });
}

function endOfPages(parts: BatteryParts): void {
  const { endOfList } = parts.subject;
  const lagMs = parts.subject.kind.capability.orderListLagMs;

  describe("the list of changed orders", () => {
    const bench = benchOfEachTest(parts);

    it("goes on from where it says it listed everything, and loses nothing between", async ({ skip }) => {
      const from = bench().channel.clock.now() - HOUR_MS;
      const sold: string[] = [];
      // Some are old enough to be listed and some are not, when the list is read in between.
      for (let nth = 0; nth < 8; nth++) {
        sold.push(await bench().sell());
        await bench().channel.advance(lagMs / 4 + 1_000);
      }
      const page = valueOf(await bench().connector.listChangedOrders({ from }));
      const { listedThrough } = page;
      if (listedThrough === undefined)
        return skip("not applicable: the channel does not say how far its list reaches");
      expect(page.nextPage).toBeNull();
      expect(listedThrough).toBeLessThanOrEqual(bench().channel.clock.now());
      const after = await walk(bench(), { from: listedThrough });
      expect(new Set(idsOf([page, ...after]))).toEqual(new Set(sold));
      expect(after.at(-1)?.listedThrough).toBeGreaterThanOrEqual(listedThrough);
    });

    it("says so where the channel has more and refuses to list it", async ({ skip }) => {
      const { page, body } = needed(skip, endOfList);
      const from = bench().channel.clock.now() - HOUR_MS;
      await bench().sell();
      const whole = valueOf(await bench().connector.listChangedOrders({ from }));
      expect(whole).toMatchObject({ isTruncated: false });
      bench().wire.spoil(({ at }) => (at === "api" ? { kind: "answer", status: 200, body } : null));
      const cut = valueOf(await bench().connector.listChangedOrders({ from, page }));
      expect(cut).toMatchObject({ isTruncated: true, nextPage: null });
    });

    it("loses nothing by a page that it never named: it refuses, or begins anew", async () => {
      const orderId = await bench().sell();
      await bench().listed();
      for (const page of ["../1", "1&seller=2", "\u0000"]) {
        const from = bench().channel.clock.now() - HOUR_MS;
        const read = await bench().connector.listChangedOrders({ from, page });
        if (read.ok) expect(idsOf([read.value]), page).toContain(orderId);
        else expect(read.error.kind, page).toBeOneOf(["rejected", "bug"]);
      }
    });
  });
}

function idsOf(pages: readonly ChangedOrdersPage[]): string[] {
  return pages.flatMap((page) => page.orders.map(({ orderId }) => orderId));
}

/** More orders than fit into one page. */
async function sellMany(at: BatteryBench): Promise<string[]> {
  const { kind, listings, orders } = at.subject;
  const names = [listings.plain, ...listings.more];
  for (const externalId of names) valueOf(await at.push(orders.morePages, externalId));
  await at.channel.advance(kind.capability.writeAppliesWithinMs);
  const sold: string[] = [];
  for (let nth = 0; nth < orders.morePages; nth++)
    sold.push(await at.sell({ externalId: names[nth % names.length] ?? listings.plain }));
  return sold;
}

/** All pages; `between` runs after each but the last. */
async function walk(
  at: BatteryBench,
  query: ChangedOrdersQuery,
  between: (nth: number, page: ChangedOrdersPage) => Promise<void> = () => Promise.resolve(),
): Promise<ChangedOrdersPage[]> {
  await at.listed();
  const pages: ChangedOrdersPage[] = [];
  let next: string | undefined;
  do {
    const page = valueOf(
      await at.connector.listChangedOrders({ ...query, ...(next === undefined ? {} : { page: next }) }),
    );
    pages.push(page);
    next = page.nextPage ?? undefined;
    if (next !== undefined) await between(pages.length, page);
  } while (next !== undefined && pages.length < PAGES_MAX);
  expect(next, "the list ends").toBeUndefined();
  return pages;
}
