import { describe, expect, test } from "vitest";

import { LISTING, OTHER_LISTING, startMarketplace } from "./test-marketplace.ts";

describe("reading many items", () => {
  test("by the old call is switched off", async () => {
    const market = await startMarketplace();
    expect(await market.api("GET", `/items?ids=${LISTING}`)).toMatchObject({ status: 404 });
  });

  test("wraps each in its status, and one that does not exist has neither id nor body", async () => {
    const market = await startMarketplace();
    const { status, body } = await market.api("GET", `/items/bulk?ids=${LISTING},MLM1,${OTHER_LISTING}`);
    expect(status).toBe(200);
    expect(body).toEqual([
      {
        id: LISTING,
        status_code: 200,
        body: expect.objectContaining({ id: LISTING, available_quantity: 10 }),
      },
      { status_code: 404 },
      { id: OTHER_LISTING, status_code: 200, body: expect.objectContaining({ available_quantity: 1 }) },
    ]);
  });

  test("loses what is not asked for by its full name", async () => {
    const market = await startMarketplace();
    const ask = (attributes: string) =>
      market.api("GET", `/items/bulk?ids=${LISTING}&attributes=${attributes}`);
    expect(await ask("status_code,body.id,body.available_quantity")).toMatchObject({
      body: [{ status_code: 200, body: { id: LISTING, available_quantity: 10 } }],
    });
    expect((await ask("body.id")).body).toEqual([{ body: { id: LISTING } }]);
    expect((await ask("status_code,available_quantity")).body).toEqual([{ status_code: 200 }]);
  });

  test("refuses a repeated id, and more than twenty", async () => {
    const market = await startMarketplace();
    expect(await market.api("GET", `/items/bulk?ids=${LISTING},${LISTING}`)).toMatchObject({ status: 400 });
    const many = Array.from({ length: 21 }, (_, index) => `MLM${index + 1}`).join(",");
    expect(await market.api("GET", `/items/bulk?ids=${many}`)).toMatchObject({
      status: 400,
      body: { message: "Too many IDs. Maximum allowed: 20" },
    });
    expect(await market.api("GET", "/items/bulk")).toMatchObject({ status: 400 });
  });
});

describe("searching a seller's items", () => {
  const listings = Array.from({ length: 120 }, (_, index) => ({
    listing: `MLM${3_000_000_000 + index}`,
    sellerSku: `SKU-${index}`,
    availableQuantity: index === 7 ? 0 : 1,
  }));
  const start = () => startMarketplace({ accounts: [{ account: "mx-1", listings }] });
  interface Found {
    results: string[];
    scroll_id: string;
    paging: { total: number; limit: number };
  }

  test("pages by offset within its limits", async () => {
    const market = await start();
    const search = (query: string) =>
      market.api<Found>("GET", `/users/${market.first.userId}/items/search${query}`);
    const page = await search("");
    expect(page.body).toMatchObject({ paging: { limit: 50, offset: 0, total: 120 } });
    expect(page.body.results).toHaveLength(50);
    expect((await search("?limit=100&offset=100")).body.results).toHaveLength(20);
    expect(await search("?limit=101")).toMatchObject({ status: 400 });
    expect(await search("?limit=100&offset=901")).toMatchObject({ status: 400 });
    expect(await search("?limit=-1")).toMatchObject({ status: 400 });
  });

  test("finds by SKU and by status", async () => {
    const market = await start();
    const search = (query: string) =>
      market.api<Found>("GET", `/users/${market.first.userId}/items/search?${query}`);
    expect((await search("seller_sku=SKU-3")).body.results).toEqual(["MLM3000000003"]);
    expect((await search("status=paused")).body.results).toEqual(["MLM3000000007"]);
    expect((await search("status=closed")).body).toMatchObject({ results: [], paging: { total: 0 } });
  });

  test("scans all of them, with a scroll id that dies after five minutes", async () => {
    const market = await start();
    const scan = (scrollId?: string) => {
      const query = new URLSearchParams({ search_type: "scan", limit: "50" });
      if (scrollId !== undefined) query.set("scroll_id", scrollId);
      return market.api<Found>("GET", `/users/${market.first.userId}/items/search?${query.toString()}`);
    };
    const seen: string[] = [];
    let page = await scan();
    while (page.body.results.length > 0) {
      seen.push(...page.body.results);
      page = await scan(page.body.scroll_id);
    }
    expect(seen).toEqual(listings.map(({ listing }) => listing));
    expect(page.body.scroll_id).toBe("");
    const { scroll_id: old } = (await scan()).body;
    market.clock.advance(300_000);
    expect(await scan(old)).toMatchObject({
      status: 400,
      body: {
        message: "Invalid Scroll Id: Error decode reading Scroll ID",
        error: "invalid.scroll.id",
        status: 400,
        cause: [],
      },
    });
    expect(await scan("nonsense")).toMatchObject({ status: 400, body: { error: "invalid.scroll.id" } });
  });

  test("of somebody else is refused", async () => {
    const market = await startMarketplace();
    const path = `/users/${market.second.userId}/items/search`;
    expect(await market.api("GET", path)).toMatchObject({ status: 403 });
  });
});

describe("users and applications", () => {
  test("tell who somebody is", async () => {
    const market = await startMarketplace();
    const me = await market.api("GET", "/users/me");
    expect(me.body).toMatchObject({
      id: market.first.userId,
      site_id: "MLM",
      country_id: "MX",
      tags: ["normal"],
    });
    expect(await market.api("GET", `/users/${market.second.userId}`)).toMatchObject({
      status: 200,
      body: { id: market.second.userId, nickname: "MX-2" },
    });
    expect(await market.api("GET", "/users/1")).toMatchObject({ status: 404 });
  });

  test("tell an application its own quota and nobody else's", async () => {
    const market = await startMarketplace({ topics: ["orders_v2"] });
    const path = `/applications/${market.first.clientId}`;
    expect(await market.api("GET", path)).toMatchObject({
      status: 200,
      body: { max_requests_per_hour: 18_000, notifications_topics: ["orders_v2"] },
    });
    expect(await market.api("GET", "/applications/1")).toMatchObject({ status: 403 });
  });

  test("a path that does not exist is 404 in the vendor's words", async () => {
    const market = await startMarketplace();
    expect(await market.api("GET", "/nothing/here")).toMatchObject({
      status: 404,
      body: { message: "resource not found", error: "not_found", status: 404, cause: [] },
    });
  });
});
