import { expect, it } from "vitest";

import { aSku } from "../../../testing/a-row.ts";
import { RECENT_KEPT, withNews } from "./recent-news.ts";
import type { LedgerNews } from "./stream-event.ts";

function news(seq: number, ...kinds: string[]): LedgerNews {
  return {
    type: "ledger",
    seq,
    entries: kinds.map((kind, nth) => ({
      seq: seq - kinds.length + 1 + nth,
      kind,
      recordedAt: `2026-11-23T14:00:0${nth}Z`,
      channel: kind === "order" ? "meli-mx" : null,
      orderId: null,
    })),
    skus: [aSku("KB-M", { available: 7 })],
  };
}

it("tells an event by what kinds of entries it held, where from, and what it left", () => {
  expect(withNews([], [news(20, "order", "receipt", "order")])).toEqual([
    {
      seq: 20,
      recordedAt: "2026-11-23T14:00:02Z",
      groups: [
        { group: "order", count: 2 },
        { group: "stock", count: 1 },
      ],
      channels: ["meli-mx"],
      skus: [{ sku: "KB-M", available: 7 }],
    },
  ]);
});

it("puts the newest on top", () => {
  const lines = withNews(withNews([], [news(1, "order")]), [news(2, "order"), news(3, "sku")]);
  expect(lines.map(({ seq }) => seq)).toEqual([3, 2, 1]);
});

it("keeps a page full and no more", () => {
  const many = Array.from({ length: RECENT_KEPT + 5 }, (_, nth) => news(nth + 1, "order"));
  const lines = withNews([], many);
  expect(lines).toHaveLength(RECENT_KEPT);
  expect(lines[0]?.seq).toBe(RECENT_KEPT + 5);
});

it("is the same list when nothing happened", () => {
  const lines = withNews([], [news(1, "order")]);
  expect(withNews(lines, [])).toBe(lines);
});

it("does not tell of the units that are kept from reservations", () => {
  const lines = withNews([], [news(1, "withheld"), news(3, "withheld", "order")]);
  expect(lines).toMatchObject([{ seq: 3, groups: [{ group: "order", count: 1 }] }]);
});
