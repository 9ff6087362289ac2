import { describe, expect, it } from "vitest";

import { placeOf, toChangedOrders, toSearch } from "./to-changed-orders.ts";
import { orderSearchSchema } from "./wire.ts";

const from = Date.parse("2026-11-23T10:20:00Z");
const to = Date.parse("2026-11-23T12:01:00Z");

describe("the list of changed orders", () => {
  /** A list whose rows may leave between two pages, as orders do that change meanwhile. */
  class MovingList {
    rows = Array.from({ length: 125 }, (_, nth) => nth + 1);
    cancelled = [3, 9];

    page(place: ReturnType<typeof placeOf>) {
      const rows = place.part === "all" ? this.rows : this.cancelled;
      const results = rows.slice(place.offset, place.offset + 50).map((id) => ({
        id,
        status: "paid",
        last_updated: "2026-11-23T06:00:00.000-04:00",
        date_last_updated: "2026-11-23T06:00:02.000-04:00",
      }));
      return toChangedOrders(orderSearchSchema.parse({ results, paging: { total: rows.length } }), place);
    }
  }

  const readAll = (list: MovingList, betweenPages: (page: number) => void = () => {}) => {
    const found: string[] = [];
    let page: string | null = "";
    for (let nth = 0; page !== null; nth++) {
      const answer = list.page(placeOf(page));
      found.push(...answer.orders.map(({ orderId }) => orderId));
      page = answer.nextPage;
      betweenPages(nth);
    }
    return found;
  };

  it("asks in whole hours, and for cancelled ones by name as well", () => {
    expect(toSearch("42", { from, to }, placeOf(undefined)).query).toEqual({
      seller: "42",
      "order.date_last_updated.from": "2026-11-23T10:00:00.000Z",
      "order.date_last_updated.to": "2026-11-23T13:00:00.000Z",
      sort: "date_asc",
      limit: "50",
      offset: "0",
    });
    expect(toSearch("42", { from }, placeOf("cancelled.0.")).query).toMatchObject({
      "order.status": "cancelled",
    });
    const found = readAll(new MovingList());
    expect(new Set(found)).toEqual(new Set(Array.from({ length: 125 }, (_, nth) => String(nth + 1))));
    expect(found.slice(-2)).toEqual(["3", "9"]);
  });

  it("passes over none when others leave the list between two pages", () => {
    const list = new MovingList();
    const stayed = new Set(list.rows.filter((id) => id > 30).map(String));
    const found = readAll(list, (page) => {
      if (page === 0) list.rows = list.rows.filter((id) => id > 30);
    });
    expect([...stayed].filter((id) => !found.includes(id))).toEqual([]);
  });

  it("passes over none when one goes from the middle to the end between two pages", () => {
    const list = new MovingList();
    const found = readAll(list, (page) => {
      if (page === 0) list.rows = [...list.rows.filter((id) => id !== 7), 7];
    });
    expect(new Set(found).size).toBe(125);
  });

  it("ends, and says so, where MercadoLibre refuses to page further", () => {
    const results = Array.from({ length: 50 }, (_, nth) => ({
      id: nth + 1,
      status: "paid",
      last_updated: "2026-11-23T06:00:00.000-04:00",
    }));
    const search = orderSearchSchema.parse({ results, paging: { total: 20_000 } });
    expect(toChangedOrders(search, placeOf("all.9940.20000"))).toMatchObject({
      nextPage: null,
      isTruncated: true,
    });
    expect(toChangedOrders(search, placeOf("all.9900.20000"))).toMatchObject({ isTruncated: false });
  });

  it("tells a state by what the order itself tells, not by the search's own time", () => {
    const row = { id: 1, status: "paid", last_updated: "2026-11-23T06:00:00.000-04:00", tags: ["b", "a"] };
    const read = (changes: object) =>
      toChangedOrders(
        orderSearchSchema.parse({ results: [{ ...row, ...changes }], paging: { total: 1 } }),
        placeOf(undefined),
      ).orders[0];
    const late = read({ date_last_updated: "2026-11-23T06:00:02.000-04:00", tags: ["a", "b"] });
    expect(late).toEqual(read({}));
    expect(late?.updatedAt).toBe(Date.parse("2026-11-23T10:00:00Z"));
    expect(read({ tags: ["a", "b", "unfulfilled"] })?.fingerprint).not.toBe(late?.fingerprint);
  });
});
