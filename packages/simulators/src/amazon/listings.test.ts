import { request } from "node:http";

import { describe, expect, test } from "vitest";

import { CANADA, SKU, startTestAmazon, type TestAmazon, US } from "./test-amazon.ts";

const ALL =
  "summaries,attributes,issues,offers,fulfillmentAvailability,procurement,relationships,productTypes";

interface SearchBody {
  numberOfResults: number;
  pagination?: { nextToken?: string; previousToken?: string };
  items: { sku: string }[];
}

const withListings = (listings: object[]) => ({
  accounts: [{ account: "us-1", marketplaceIds: [US, CANADA], listings: listings as { listing: string }[] }],
});

const numbered = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    listing: `S-${String(n).padStart(4, "0")}`,
    availableQuantity: n % 2,
  }));

const search = (amazon: TestAmazon, query: string) =>
  amazon.api<SearchBody>(
    "GET",
    `/listings/2021-08-01/items/${amazon.first.sellerId}?marketplaceIds=${US}${query === "" ? "" : "&"}${query}`,
  );

describe("getListingsItem", () => {
  test("tells summaries, or what is asked for", async () => {
    const amazon = await startTestAmazon();
    const { body } = await amazon.api("GET", amazon.skuPath(SKU));
    expect(body).toEqual({
      sku: SKU,
      summaries: [
        {
          marketplaceId: US,
          asin: expect.stringMatching(/^B0[A-Z0-9]{8}$/),
          productType: "ORTHOPEDIC_BRACE",
          conditionType: "new_new",
          status: ["BUYABLE", "DISCOVERABLE"],
          itemName: "Knee brace M",
          createdDate: "2026-11-23T10:20:30Z",
          lastUpdatedDate: "2026-11-23T10:20:30Z",
        },
      ],
    });
    const all = await amazon.api("GET", amazon.skuPath(SKU, `marketplaceIds=${US}&includedData=${ALL}`));
    expect(all.body).toMatchObject({
      sku: SKU,
      attributes: {
        fulfillment_availability: [
          { fulfillment_channel_code: "DEFAULT", quantity: 10, lead_time_to_ship_max_days: 2 },
        ],
      },
      issues: [],
      offers: [{ marketplaceId: US, offerType: "B2C", price: { amount: "16.50", currencyCode: "USD" } }],
      fulfillmentAvailability: [{ fulfillmentChannelCode: "DEFAULT", quantity: 10 }],
      productTypes: [{ marketplaceId: US, productType: "ORTHOPEDIC_BRACE" }],
    });
  });

  test("finds a SKU with slashes, hashes, spaces and percent signs by its encoded path", async () => {
    const skus = ["a/b c", "#1 brace", "100%25", "50% off?x=1&y=2", "ñandú;+"];
    const amazon = await startTestAmazon(
      withListings(skus.map((listing) => ({ listing, availableQuantity: 1 }))),
    );
    for (const sku of skus) {
      expect(await amazon.api("GET", amazon.skuPath(sku))).toMatchObject({ status: 200, body: { sku } });
    }
  });

  test("denies a SKU whose slash or hash is not encoded", async () => {
    const amazon = await startTestAmazon(
      withListings([{ listing: "a/b" }, { listing: "a#b" }, { listing: "a" }]),
    );
    const { sellerId, accessToken } = amazon.first;
    const raw = (sku: string): Promise<number | undefined> =>
      // fetch cuts a fragment off before it sends, so this one goes by hand.
      new Promise((resolve, reject) => {
        const { hostname, port } = new URL(amazon.url);
        const path = `/listings/2021-08-01/items/${sellerId}/${sku}?marketplaceIds=${US}`;
        const headers = { "x-amz-access-token": accessToken, "user-agent": "test" };
        const sent = request({ hostname, port, path, headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        sent.on("error", reject);
        sent.end();
      });
    expect(await raw("a/b")).toBe(403);
    expect(await raw("a#b")).toBe(403);
    expect(await raw("a%23b")).toBe(200);
  });

  test("answers 404 for a SKU that is not there, and 400 for what is wrong", async () => {
    const amazon = await startTestAmazon();
    expect(await amazon.api("GET", amazon.skuPath("missing"))).toMatchObject({ status: 404 });
    expect(await amazon.api("GET", amazon.skuPath(SKU.toLowerCase()))).toMatchObject({ status: 404 });
    const wrong = [
      "includedData=issues",
      `marketplaceIds=${CANADA}`,
      `marketplaceIds=${US}&includedData=everything`,
      `marketplaceIds=${US}&includedData=`,
      `marketplaceIds=${US}&page=1`,
      `marketplaceIds=${US}&marketplaceIds=${US}`,
    ];
    for (const query of wrong) {
      expect(await amazon.api("GET", amazon.skuPath(SKU, query)), query).toMatchObject({
        status: 400,
        body: { errors: [{ code: "BAD_REQUEST", message: "Invalid input" }] },
      });
    }
  });

  test("tells each store's summary, and is not buyable when nothing is left or when it is suppressed", async () => {
    const amazon = await startTestAmazon(
      withListings([
        { listing: SKU, availableQuantity: 0 },
        { listing: SKU, marketplaceId: CANADA, availableQuantity: 3, price: 22 },
        { listing: "GONE", availableQuantity: 5, suppressed: true },
      ]),
    );
    const both = await amazon.api(
      "GET",
      amazon.skuPath(SKU, `marketplaceIds=${US},${CANADA}&includedData=summaries,offers`),
    );
    expect(both.body).toMatchObject({
      summaries: [
        { marketplaceId: US, status: ["DISCOVERABLE"] },
        { marketplaceId: CANADA, status: ["BUYABLE", "DISCOVERABLE"] },
      ],
      offers: [{ marketplaceId: US }, { price: { amount: "22.00", currencyCode: "CAD" } }],
    });
    const gone = amazon.skuPath("GONE", `marketplaceIds=${US}&includedData=summaries,issues`);
    expect(await amazon.api("GET", gone)).toMatchObject({
      body: {
        summaries: [{ status: [] }],
        issues: [
          {
            severity: "ERROR",
            enforcements: { actions: [{ action: "LISTING_SUPPRESSED" }] },
            marketplaceIds: [US],
          },
        ],
      },
    });
    const found = await search(amazon, "withIssueSeverity=ERROR");
    expect(found.body.items.map(({ sku }) => sku)).toEqual(["GONE"]);
  });

  test("hides Amazon's own quantity", async () => {
    const amazon = await startTestAmazon(
      withListings([{ listing: "FBA-1", fulfilledBy: "AMAZON", availableQuantity: 5 }]),
    );
    expect(await amazon.live("FBA-1")).toEqual([{ fulfillmentChannelCode: "AMAZON_NA" }]);
  });
});

describe("searchListingsItems", () => {
  test("pages through everything, 10 at a time unless asked", async () => {
    const amazon = await startTestAmazon(withListings(numbered(25)));
    const skus: string[] = [];
    let query = "sortBy=sku&sortOrder=ASC";
    for (;;) {
      const { status, body } = await search(amazon, query);
      expect(status).toBe(200);
      expect(body.numberOfResults).toBe(25);
      skus.push(...body.items.map(({ sku }) => sku));
      if (body.pagination?.nextToken === undefined) break;
      query = `sortBy=sku&sortOrder=ASC&pageToken=${body.pagination.nextToken}`;
      amazon.clock.advance(1_000);
    }
    expect(skus).toEqual(numbered(25).map(({ listing }) => listing));
    const large = await search(amazon, "pageSize=20");
    expect(large.body.items).toHaveLength(20);
  });

  test("goes back by previousToken, and refuses a token of another search", async () => {
    const amazon = await startTestAmazon(withListings(numbered(5)));
    const sorted = "sortBy=sku&sortOrder=ASC&pageSize=2";
    const first = await search(amazon, sorted);
    const second = await search(amazon, `${sorted}&pageToken=${first.body.pagination?.nextToken}`);
    expect(second.body.items.map(({ sku }) => sku)).toEqual(["S-0002", "S-0003"]);
    const back = await search(amazon, `${sorted}&pageToken=${second.body.pagination?.previousToken}`);
    expect(back.body.items).toEqual(first.body.items);
    amazon.clock.advance(1_000);
    const others = ["sortBy=sku&pageSize=2", "sortBy=sku&sortOrder=ASC&withStatus=BUYABLE"];
    for (const other of others) {
      const answer = await search(amazon, `${other}&pageToken=${first.body.pagination?.nextToken}`);
      expect(answer.status).toBe(400);
    }
    expect((await search(amazon, `${sorted}&pageToken=made-up`)).status).toBe(400);
  });

  test("reaches no further than 1,000 SKUs", async () => {
    const amazon = await startTestAmazon(withListings(numbered(1_010)));
    let query = "pageSize=20";
    let seen = 0;
    for (;;) {
      const { body } = await search(amazon, query);
      seen += body.items.length;
      expect(body.numberOfResults).toBe(1_010);
      if (body.pagination?.nextToken === undefined) break;
      query = `pageSize=20&pageToken=${body.pagination.nextToken}`;
      amazon.clock.advance(1_000);
    }
    expect(seen).toBe(1_000);
  });

  test("finds up to 20 SKUs by name, and filters by status and time", async () => {
    const amazon = await startTestAmazon(withListings(numbered(6)));
    const named = await search(amazon, "identifiersType=SKU&identifiers=S-0001,S-0004,missing");
    expect(named.body.items.map(({ sku }) => sku).toSorted()).toEqual(["S-0001", "S-0004"]);
    const buyable = await search(amazon, "withStatus=BUYABLE");
    expect(buyable.body.numberOfResults).toBe(3);
    const empty = await search(amazon, "withoutStatus=BUYABLE");
    expect(empty.body.numberOfResults).toBe(3);
    amazon.clock.advance(60_000);
    await amazon.sim("PUT", "/accounts", {
      accounts: [{ account: "us-1", listings: [{ listing: "S-0002", availableQuantity: 9 }] }],
    });
    const changed = await search(amazon, "lastUpdatedAfter=2026-11-23T10:21:00Z");
    expect(changed.body.items).toMatchObject([{ sku: "S-0002" }]);
  });

  test("refuses what the documentation does not allow", async () => {
    const amazon = await startTestAmazon();
    const many = Array.from({ length: 21 }, (_, n) => `S-${n}`).join();
    const wrong = [
      `identifiersType=SKU&identifiers=${many}`,
      "identifiers=S-1",
      "identifiersType=SKU",
      "identifiersType=NAME&identifiers=S-1",
      "identifiersType=SKU&identifiers=S-1&variationParentSku=P",
      "pageSize=21",
      "pageSize=0",
      "pageSize=ten",
      "sortBy=price",
      "sortOrder=UP",
      "withStatus=SOLD",
      "createdAfter=yesterday",
      "q=brace",
    ];
    for (const query of wrong) {
      amazon.clock.advance(1_000);
      expect((await search(amazon, query)).status, query).toBe(400);
    }
  });
});
