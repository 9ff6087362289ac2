import { describe, expect, test } from "vitest";

import { CANADA, SKU, startTestAmazon, type TestAmazon, US } from "./test-amazon.ts";

interface AccountsBody {
  url: string;
  tokenUrl: string;
  accounts: { account: string; sellerId: string; accessToken: string; listings: object[] }[];
}

const put = (amazon: TestAmazon, accounts: object[]) =>
  amazon.sim<AccountsBody>("PUT", "/accounts", { accounts });

describe("accounts", () => {
  test("are told with everything a connection needs", async () => {
    const amazon = await startTestAmazon();
    const { body } = await amazon.sim<AccountsBody>("GET", "/accounts");
    expect(body).toMatchObject({
      url: amazon.url,
      tokenUrl: `${amazon.url}/auth/o2/token`,
      accounts: [
        {
          account: "us-1",
          sellerId: expect.stringMatching(/^A[A-Z0-9]{13}$/),
          marketplaceIds: [US],
          clientId: expect.any(String),
          clientSecret: expect.any(String),
          refreshToken: expect.stringMatching(/^Atzr\|/),
          accessToken: amazon.first.accessToken,
          listings: [
            {
              listing: SKU,
              variation: null,
              sellerSku: SKU,
              marketplaceId: US,
              fulfilledBy: "MERCHANT",
              availableQuantity: 10,
              status: ["BUYABLE", "DISCOVERABLE"],
            },
          ],
        },
        { account: "us-2" },
      ],
    });
  });

  test("have an access token that is good now", async () => {
    const amazon = await startTestAmazon();
    amazon.clock.advance(3_600_000);
    const { body } = await amazon.sim<AccountsBody>("GET", "/accounts");
    const token = body.accounts[0]?.accessToken ?? "";
    expect(token).not.toBe(amazon.first.accessToken);
    const answer = await amazon.api("GET", "/sellers/v1/marketplaceParticipations", { token });
    expect(answer.status).toBe(200);
  });

  test("merge, and a listing named again is an edit by hand, at once", async () => {
    const amazon = await startTestAmazon();
    amazon.clock.advance(60_000);
    const { body } = await put(amazon, [
      {
        account: "us-1",
        storeName: "Braces",
        listings: [{ listing: SKU, availableQuantity: 3 }, { listing: "NEW" }],
      },
    ]);
    expect(body.accounts[0]).toMatchObject({
      sellerId: amazon.first.sellerId,
      listings: [
        { listing: SKU, availableQuantity: 3 },
        { listing: "NEW", availableQuantity: 0, status: ["DISCOVERABLE"] },
      ],
    });
    const query = `marketplaceIds=${US}&includedData=attributes,fulfillmentAvailability,summaries`;
    expect(await amazon.api("GET", amazon.skuPath(SKU, query))).toMatchObject({
      body: {
        summaries: [{ itemName: "Knee brace M", lastUpdatedDate: "2026-11-23T10:21:30Z" }],
        attributes: { fulfillment_availability: [{ quantity: 3, lead_time_to_ship_max_days: 2 }] },
        fulfillmentAvailability: [{ quantity: 3 }],
      },
    });
  });

  test("refuse names that collide, stores that are not sold in, and unknown fields", async () => {
    const amazon = await startTestAmazon();
    const wrong = [
      { account: "us-3", sellerId: amazon.first.sellerId },
      { account: "us-3", app: "missing" },
      { account: "us-1", marketplaceIds: [CANADA, US] },
      { account: "us-1", listings: [{ listing: SKU, marketplaceId: CANADA }] },
      { account: "us-1", listings: [{ listing: "X".repeat(41) }] },
      { account: "us-1", listings: [{ listing: SKU, availableQuantity: -1 }] },
      { account: "us-1", listings: [{ listing: SKU, colour: "red" }] },
      { account: "a b" },
    ];
    for (const account of wrong) {
      expect(await put(amazon, [account]), JSON.stringify(account)).toMatchObject({
        status: 400,
        body: { code: "invalid_request" },
      });
    }
  });
});

test("the clock goes faster, forward, and never back", async () => {
  const amazon = await startTestAmazon();
  expect(await amazon.sim("POST", "/clock", { advanceMs: 1_000 })).toMatchObject({
    body: { now: "2026-11-23T10:20:31.400Z", factor: 0 },
  });
  expect(await amazon.sim("POST", "/clock", { now: "2026-12-01T00:00:00Z" })).toMatchObject({ status: 200 });
  expect(await amazon.sim("POST", "/clock", { now: "2026-11-01T00:00:00Z" })).toMatchObject({ status: 400 });
  expect(await amazon.sim("GET", "/clock")).toMatchObject({ body: { now: "2026-12-01T00:00:00.000Z" } });
});

test("settings merge", async () => {
  const amazon = await startTestAmazon();
  await amazon.sim("PUT", "/settings", { orderClosingGapMs: { min: 0, max: 0 } });
  expect(await amazon.sim("PUT", "/settings", { limits: { factor: 0.5 } })).toMatchObject({
    status: 200,
    body: {
      orderClosingGapMs: { min: 0, max: 0 },
      orderSearchLagMs: 120_000,
      limits: { factor: 0.5, header: "documented", operations: {} },
    },
  });
  const wrong = [{ orderClosingGapMs: { min: 2, max: 1 } }, { writeTail: { share: 2 } }, { speed: 1 }];
  for (const settings of wrong) {
    expect((await amazon.sim("PUT", "/settings", settings)).status).toBe(400);
  }
});

test("an unknown control call is told in our own shape", async () => {
  const amazon = await startTestAmazon();
  expect(await amazon.sim("GET", "/weather")).toMatchObject({ status: 404, body: { code: "unknown_call" } });
  expect(await amazon.sim("POST", "/orders", "{")).toMatchObject({
    status: 400,
    body: { code: "invalid_request" },
  });
});
