import { describe, expect, test } from "vitest";

import { CANADA, SKU, startTestAmazon, type TestAmazon, US } from "./test-amazon.ts";

interface SearchBody {
  orders: { orderId: string; lastUpdatedTime: string; fulfillment?: { fulfillmentStatus: string } }[];
  pagination?: { nextToken: string };
  lastUpdatedBefore?: string;
  createdBefore?: string;
}

const DAY_BEFORE = "2026-11-22T00:00:00Z";

const search = async (amazon: TestAmazon, query: string): Promise<SearchBody> => {
  const answer = await amazon.api<SearchBody>("GET", `/orders/2026-01-01/orders?${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};

const ids = ({ orders }: SearchBody): string[] => orders.map(({ orderId }) => orderId);

const FULL = "includedData=FULFILLMENT,CANCELLATION";

/** No test here is about the plan: 20 searches are too few. */
const roomy = { limits: { operations: { searchOrders: { rate: 100, burst: 1_000 } } } };

describe("searchOrders", () => {
  test("sees each order as it was two minutes ago", async () => {
    const amazon = await startTestAmazon();
    const id = await amazon.buy(SKU, 1, { closingGapMs: 60_000 });
    const query = `lastUpdatedAfter=${DAY_BEFORE}&${FULL}`;
    amazon.clock.advance(119_000);
    expect(await search(amazon, query)).toEqual({ orders: [], lastUpdatedBefore: "2026-11-23T10:20:29Z" });
    amazon.clock.advance(2_000);
    // Paid for a minute already, as getOrder says; the search does not know yet.
    expect((await amazon.order(id)).fulfillment.fulfillmentStatus).toBe("UNSHIPPED");
    expect(await search(amazon, query)).toMatchObject({
      orders: [
        {
          orderId: id,
          lastUpdatedTime: "2026-11-23T10:20:30Z",
          fulfillment: { fulfillmentStatus: "PENDING" },
        },
      ],
      lastUpdatedBefore: "2026-11-23T10:20:31Z",
    });
    amazon.clock.advance(60_000);
    expect(await search(amazon, query)).toMatchObject({
      orders: [{ lastUpdatedTime: "2026-11-23T10:21:30Z", fulfillment: { fulfillmentStatus: "UNSHIPPED" } }],
    });
  });

  test("finds by creation, and echoes that bound", async () => {
    const amazon = await startTestAmazon();
    const id = await amazon.buy(SKU, 1, { closingGapMs: 0 });
    amazon.clock.advance(600_000);
    await amazon.sim("POST", `/orders/${id}/ship`);
    amazon.clock.advance(600_000);
    const created = await search(amazon, `createdAfter=${DAY_BEFORE}`);
    expect(ids(created)).toEqual([id]);
    expect(created.createdBefore).toBe("2026-11-23T10:38:30Z");
    expect(created.lastUpdatedBefore).toBeUndefined();
    const none = await search(amazon, `createdAfter=2026-11-23T10:21:00Z&createdBefore=2026-11-23T10:38:00Z`);
    expect(none).toEqual({ orders: [], createdBefore: "2026-11-23T10:38:00Z" });
    expect(ids(await search(amazon, "lastUpdatedAfter=2026-11-23T10:30:00Z"))).toEqual([id]);
    expect(ids(await search(amazon, "lastUpdatedAfter=2026-11-23T10:31:00.000Z"))).toEqual([]);
  });

  test("leaves status and cancellations out unless asked", async () => {
    const amazon = await startTestAmazon();
    await amazon.buy(SKU, 1);
    amazon.clock.advance(180_000);
    const { orders } = await search(amazon, `lastUpdatedAfter=${DAY_BEFORE}`);
    expect(orders[0]).not.toHaveProperty("fulfillment");
  });

  test("tells one seller's orders only, filtered by status, store and shipper", async () => {
    const amazon = await startTestAmazon({
      settings: roomy,
      accounts: [
        {
          account: "us-1",
          marketplaceIds: [US, CANADA],
          listings: [
            { listing: SKU, availableQuantity: 10 },
            { listing: SKU, marketplaceId: CANADA, availableQuantity: 10 },
            { listing: "FBA-1", fulfilledBy: "AMAZON", availableQuantity: 10 },
          ],
        },
        { account: "us-2", listings: [{ listing: SKU, availableQuantity: 10 }] },
      ],
    });
    const pending = await amazon.buy(SKU, 1, { pay: false });
    const canadian = await amazon.buy(`${SKU}@${CANADA}`, 1, { closingGapMs: 0 });
    const byAmazon = await amazon.buy("FBA-1", 1, { closingGapMs: 0 });
    const elsewhere = await amazon.buy("FBA-1", 1, { nonAmazon: true, closingGapMs: 0 });
    await amazon.buy(SKU, 1, { account: "us-2", closingGapMs: 0 });
    amazon.clock.advance(180_000);
    const found = async (query: string) =>
      ids(await search(amazon, `createdAfter=${DAY_BEFORE}&${query}`)).toSorted();
    expect(await found("")).toEqual([pending, canadian, byAmazon, elsewhere].toSorted());
    expect(await found("fulfillmentStatuses=PENDING,CANCELLED")).toEqual([pending]);
    expect(await found(`marketplaceIds=${CANADA}`)).toEqual([canadian]);
    expect(await found("fulfilledBy=AMAZON")).toEqual([byAmazon, elsewhere].toSorted());
    const { orders } = await search(
      amazon,
      `createdAfter=${DAY_BEFORE}&fulfilledBy=AMAZON&includedData=FULFILLMENT`,
    );
    expect(orders).toContainEqual(
      expect.objectContaining({ orderId: elsewhere, salesChannel: { channelName: "NON_AMAZON" } }),
    );
  });

  test("a change can reach it late", async () => {
    const amazon = await startTestAmazon();
    await amazon.sim("PUT", "/faults", { orders: { searchLate: 1, searchLateMs: 900_000 } });
    const id = await amazon.buy(SKU, 1, { pay: false });
    amazon.clock.advance(899_000);
    expect(ids(await search(amazon, `createdAfter=${DAY_BEFORE}`))).toEqual([]);
    amazon.clock.advance(1_000);
    expect(ids(await search(amazon, `createdAfter=${DAY_BEFORE}`))).toEqual([id]);
  });
});

test("a search can leave out an order that the next one finds", async () => {
  const amazon = await startTestAmazon();
  const made = [await amazon.buy(SKU, 1), await amazon.buy(SKU, 1), await amazon.buy(SKU, 1)].toSorted();
  amazon.clock.advance(180_000);
  await amazon.sim("PUT", "/faults", { orders: { searchOmit: 1 } });
  expect(ids(await search(amazon, `createdAfter=${DAY_BEFORE}`))).toEqual([]);
  await amazon.sim("PUT", "/faults", {});
  expect(ids(await search(amazon, `createdAfter=${DAY_BEFORE}`)).toSorted()).toEqual(made);
});

describe("paging", () => {
  const placed = async (amazon: TestAmazon, count: number): Promise<string[]> => {
    const made: string[] = [];
    for (let n = 0; n < count; n += 1) {
      made.push(await amazon.buy(SKU, 1, { closingGapMs: 0 }));
      amazon.clock.advance(1_000);
    }
    amazon.clock.advance(180_000);
    return made;
  };

  test("goes to the end, oldest first, within the bound of the first page", async () => {
    const amazon = await startTestAmazon({ settings: roomy });
    const made = await placed(amazon, 7);
    const query = `lastUpdatedAfter=${DAY_BEFORE}&maxResultsPerPage=3`;
    const first = await search(amazon, query);
    expect(ids(first)).toEqual(made.slice(0, 3));
    // Changes after the first page are left to the next search.
    await amazon.sim("POST", `/orders/${made[4]}/ship`);
    amazon.clock.advance(180_000);
    const second = await search(amazon, `${query}&paginationToken=${first.pagination?.nextToken}`);
    expect(ids(second)).toEqual([made[3], made[5], made[6]]);
    expect(second.pagination).toBeUndefined();
    expect(second.lastUpdatedBefore).toBe(first.lastUpdatedBefore);
    const next = await search(amazon, `lastUpdatedAfter=${first.lastUpdatedBefore}`);
    expect(ids(next)).toEqual([made[4]]);
  });

  test("takes another page size and other data sets, and nothing else", async () => {
    const amazon = await startTestAmazon({ settings: roomy });
    await placed(amazon, 4);
    const query = `lastUpdatedAfter=${DAY_BEFORE}`;
    const token = (await search(amazon, `${query}&maxResultsPerPage=1`)).pagination?.nextToken ?? "";
    const rest = await search(amazon, `${query}&paginationToken=${token}&includedData=FULFILLMENT`);
    expect(rest.orders).toHaveLength(3);
    const others = [
      "lastUpdatedAfter=2026-11-22T00:00:01Z",
      `${query}&fulfilledBy=MERCHANT`,
      `${query}&lastUpdatedBefore=2026-11-23T10:20:40Z`,
      `createdAfter=${DAY_BEFORE}`,
      "maxResultsPerPage=1",
    ];
    for (const other of others) {
      const answer = await amazon.api("GET", `/orders/2026-01-01/orders?${other}&paginationToken=${token}`);
      expect(answer.status, other).toBe(400);
    }
    const foreign = await amazon.api("GET", `/orders/2026-01-01/orders?${query}&paginationToken=${token}`, {
      token: amazon.second.accessToken,
    });
    expect(foreign.status).toBe(400);
  });

  test("a token lasts 24 hours", async () => {
    const amazon = await startTestAmazon({ settings: { ...roomy, accessTokenTtlMs: 100 * 3_600_000 } });
    await placed(amazon, 2);
    const query = `lastUpdatedAfter=${DAY_BEFORE}&maxResultsPerPage=1`;
    const token = (await search(amazon, query)).pagination?.nextToken ?? "";
    amazon.clock.advance(24 * 3_600_000 - 1);
    expect((await search(amazon, `${query}&paginationToken=${token}`)).orders).toHaveLength(1);
    amazon.clock.advance(1);
    const path = `/orders/2026-01-01/orders?${query}&paginationToken=`;
    expect((await amazon.api("GET", path + token)).status).toBe(400);
    expect((await amazon.api("GET", `${path}made-up`)).status).toBe(400);
  });
});

test("wrong parameters are refused", async () => {
  const amazon = await startTestAmazon({ settings: roomy });
  const after = `lastUpdatedAfter=${DAY_BEFORE}`;
  const many = Array.from({ length: 51 }, () => US).join();
  const wrong = [
    "",
    "includedData=FULFILLMENT",
    `${after}&createdAfter=${DAY_BEFORE}`,
    `${after}&createdBefore=2026-11-22T01:00:00Z`,
    `createdAfter=${DAY_BEFORE}&lastUpdatedBefore=2026-11-22T01:00:00Z`,
    "lastUpdatedAfter=yesterday",
    "lastUpdatedAfter=1700000000",
    `${after}&lastUpdatedBefore=2026-11-23T10:19:00Z`,
    `${after}&lastUpdatedBefore=2026-11-21T00:00:00Z`,
    `${after}&maxResultsPerPage=0`,
    `${after}&maxResultsPerPage=101`,
    `${after}&maxResultsPerPage=all`,
    `${after}&fulfillmentStatuses=Canceled`,
    `${after}&fulfillmentStatuses=CANCELED`,
    `${after}&fulfilledBy=MFN`,
    `${after}&includedData=EVERYTHING`,
    `${after}&marketplaceIds=${CANADA}`,
    `${after}&marketplaceIds=${many}`,
    `${after}&marketplaceIds=${US}&marketplaceIds=${US}`,
    `${after}&nextToken=abc`,
    `LastUpdatedAfter=${DAY_BEFORE}`,
  ];
  for (const query of wrong) {
    expect(await amazon.api("GET", `/orders/2026-01-01/orders?${query}`), query).toMatchObject({
      status: 400,
      body: { errors: [{ code: "InvalidInput", message: "Invalid Input" }] },
    });
  }
});

test("times with an offset, with fractions and as days are read", async () => {
  const amazon = await startTestAmazon({ settings: roomy });
  await amazon.buy(SKU, 1);
  amazon.clock.advance(180_000);
  for (const after of ["2026-11-23T05:20:00-05:00", "2026-11-23T10:20:30.400Z", "2026-11-23"]) {
    const body = await search(amazon, `createdAfter=${encodeURIComponent(after)}`);
    expect(body.orders, after).toHaveLength(1);
  }
});
