import { describe, expect, test } from "vitest";

import { CANADA, SKU, startTestAmazon, type TestAmazon, US } from "./test-amazon.ts";

interface SummaryBody {
  payload: {
    inventorySummaries: { sellerSku: string; totalQuantity: number; inventoryDetails?: unknown }[];
  };
  pagination?: { nextToken: string };
}

const store = `granularityType=Marketplace&granularityId=${US}&marketplaceIds=${US}`;

const roomy = { limits: { operations: { getInventorySummaries: { rate: 100, burst: 1_000 } } } };

const read = (amazon: TestAmazon, query: string) =>
  amazon.api<SummaryBody>("GET", `/fba/inventory/v1/summaries?${query}`);

const skus = (body: SummaryBody): string[] =>
  body.payload.inventorySummaries.map(({ sellerSku }) => sellerSku);

const withFba = (count: number) => ({
  settings: roomy,
  accounts: [
    {
      account: "us-1",
      marketplaceIds: [US, CANADA],
      listings: [
        { listing: SKU, availableQuantity: 10 },
        ...Array.from({ length: count }, (_, n) => ({
          listing: `FBA-${String(n).padStart(3, "0")}`,
          fulfilledBy: "AMAZON" as const,
          availableQuantity: 20,
          fba: { inboundShipped: 5, inboundReceiving: 2, fcProcessing: 1, unfulfillable: 3, researching: 4 },
        })),
      ],
    },
  ],
});

describe("FBA inventory summaries", () => {
  test("tell Amazon's own count of FBA SKUs", async () => {
    const amazon = await startTestAmazon(withFba(1));
    const { body } = await read(amazon, `${store}&details=true`);
    expect(body).toEqual({
      payload: {
        granularity: { granularityType: "Marketplace", granularityId: US },
        inventorySummaries: [
          {
            asin: expect.any(String),
            fnSku: expect.stringMatching(/^X00[A-Z0-9]{7}$/),
            sellerSku: "FBA-000",
            condition: "NewItem",
            lastUpdatedTime: "2026-11-23T10:20:30Z",
            productName: "Product FBA-000",
            totalQuantity: 30,
            stores: [],
            inventoryDetails: {
              fulfillableQuantity: 20,
              inboundWorkingQuantity: 0,
              inboundShippedQuantity: 5,
              inboundReceivingQuantity: 2,
              reservedQuantity: {
                totalReservedQuantity: 1,
                pendingCustomerOrderQuantity: 0,
                pendingTransshipmentQuantity: 0,
                fcProcessingQuantity: 1,
              },
              researchingQuantity: expect.objectContaining({ totalResearchingQuantity: 4 }),
              unfulfillableQuantity: expect.objectContaining({ totalUnfulfillableQuantity: 3 }),
            },
          },
        ],
      },
    });
    const bare = await read(amazon, store);
    expect(bare.body.payload.inventorySummaries[0]).not.toHaveProperty("inventoryDetails");
  });

  test("follow an FBA order from its hold to its parcel, or back", async () => {
    const amazon = await startTestAmazon(withFba(1));
    const quantities = async () => {
      const { body } = await read(amazon, `${store}&details=true`);
      const [row] = body.payload.inventorySummaries as unknown as {
        totalQuantity: number;
        inventoryDetails: {
          fulfillableQuantity: number;
          reservedQuantity: { pendingCustomerOrderQuantity: number };
        };
      }[];
      return [
        row?.inventoryDetails.fulfillableQuantity,
        row?.inventoryDetails.reservedQuantity.pendingCustomerOrderQuantity,
        row?.totalQuantity,
      ];
    };
    const kept = await amazon.buy("FBA-000", 3, { closingGapMs: 0 });
    const dropped = await amazon.buy("FBA-000", 2, { pay: false });
    expect(await quantities()).toEqual([15, 5, 30]);
    expect(await amazon.order(kept)).toMatchObject({ fulfillment: { fulfilledBy: "AMAZON" } });
    await amazon.sim("POST", `/orders/${dropped}/cancel`, { requestedBy: "amazon" });
    expect(await quantities()).toEqual([17, 3, 30]);
    await amazon.sim("POST", `/orders/${kept}/ship`);
    expect(await quantities()).toEqual([17, 0, 27]);
  });

  test("are told in pages whose token lasts 30 seconds", async () => {
    const amazon = await startTestAmazon(withFba(60));
    const first = await read(amazon, store);
    const token = first.body.pagination?.nextToken ?? "";
    expect(skus(first.body)).toHaveLength(50);
    amazon.clock.advance(29_999);
    const second = await read(amazon, `${store}&nextToken=${token}`);
    expect(skus(second.body)).toEqual(Array.from({ length: 10 }, (_, n) => `FBA-0${50 + n}`));
    expect(second.body.pagination).toBeUndefined();
    expect((await read(amazon, `${store}&details=true&nextToken=${token}`)).status).toBe(400);
    amazon.clock.advance(1);
    expect((await read(amazon, `${store}&nextToken=${token}`)).status).toBe(400);
  });

  test("are filtered by SKU, or by what changed since", async () => {
    const amazon = await startTestAmazon(withFba(4));
    expect(skus((await read(amazon, `${store}&sellerSkus=FBA-001,FBA-003,${SKU}`)).body)).toEqual([
      "FBA-001",
      "FBA-003",
    ]);
    expect(skus((await read(amazon, `${store}&sellerSku=FBA-002`)).body)).toEqual(["FBA-002"]);
    amazon.clock.advance(60_000);
    await amazon.buy("FBA-001", 1);
    const since = "startDateTime=2026-11-23T10:21:00Z";
    // A start time makes the list of SKUs count for nothing.
    expect(skus((await read(amazon, `${store}&${since}&sellerSkus=FBA-003`)).body)).toEqual(["FBA-001"]);
  });

  test("refuse what is wrong, and cannot be written", async () => {
    const amazon = await startTestAmazon(withFba(1));
    const many = Array.from({ length: 51 }, (_, n) => `S-${n}`).join();
    const wrong = [
      "",
      `granularityType=Marketplace&marketplaceIds=${US}`,
      `granularityType=Country&granularityId=${US}&marketplaceIds=${US}`,
      `granularityType=Marketplace&granularityId=${US}`,
      `granularityType=Marketplace&granularityId=${US}&marketplaceIds=${US},${CANADA}`,
      `${store}&details=yes`,
      `${store}&sellerSkus=${many}`,
      `${store}&startDateTime=2020-01-01T00:00:00Z`,
      `${store}&page=2`,
    ];
    for (const query of wrong) expect((await read(amazon, query)).status, query).toBe(400);
    const body = { inventoryItems: [{ sellerSku: "FBA-000", marketplaceId: US, quantity: 1 }] };
    expect((await amazon.api("POST", "/fba/inventory/v1/items/inventory", { body })).status).toBe(403);
  });
});

test("the account's stores are told as participations", async () => {
  const amazon = await startTestAmazon(withFba(0));
  const { body } = await amazon.api("GET", "/sellers/v1/marketplaceParticipations");
  expect(body).toEqual({
    payload: [
      {
        marketplace: {
          id: US,
          name: "Amazon.com",
          countryCode: "US",
          defaultCurrencyCode: "USD",
          defaultLanguageCode: "en_US",
          domainName: "www.amazon.com",
        },
        participation: { isParticipating: true, hasSuspendedListings: false },
        storeName: "us-1 store",
      },
      expect.objectContaining({
        marketplace: expect.objectContaining({ id: CANADA, defaultCurrencyCode: "CAD" }),
      }),
    ],
  });
});
