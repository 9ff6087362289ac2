import { expect, test } from "vitest";

import { orderRequest, startTestShipBob } from "./test-shipbob.ts";

test("a call without the token, or with another one, is refused with 401", async () => {
  const keeper = await startTestShipBob();
  const wrong = [
    { authorization: "" },
    { authorization: "Bearer nobody" },
    { authorization: keeper.account.token },
  ];
  for (const headers of wrong) {
    expect((await keeper.api("GET", "/inventory-level", { headers })).status).toBe(401);
  }
  await keeper.sim("PUT", "/faults", { tokenRevoked: true });
  expect((await keeper.api("GET", "/inventory-level")).status).toBe(401);
});

test("writes need a channel that may write", async () => {
  const keeper = await startTestShipBob();
  const body = orderRequest("o-1", 1);
  const missing = await keeper.api("POST", "/order", { body, headers: { shipbob_channel_id: "" } });
  expect([missing.status, missing.body]).toEqual([400, { shipbob_channel_id: [expect.any(String)] }]);
  const foreign = await keeper.api("POST", "/order", { body, headers: { shipbob_channel_id: "102" } });
  expect(foreign.status).toBe(403);
  expect((await keeper.worldTruth()).orders).toEqual({});
});

test("150 calls a minute, over a sliding minute: then 429 with the documented body and headers", async () => {
  const keeper = await startTestShipBob({ settings: { requestsPerMinute: 3 } });
  const remaining: (string | null)[] = [];
  for (let calls = 0; calls < 3; calls += 1) {
    remaining.push((await keeper.api("GET", "/location")).headers.get("x-remaining-calls"));
    keeper.clock.advance(10_000);
  }
  expect(remaining).toEqual(["2", "1", "0"]);
  const refused = await keeper.api("GET", "/location");
  expect(refused.status).toBe(429);
  expect(refused.headers.get("x-retry-after")).toBe("30");
  expect(refused.body).toEqual({
    statusCode: 429,
    message: "Rate limit is exceeded. Try again in 30 seconds.",
  });
  keeper.clock.advance(29_999);
  expect((await keeper.api("GET", "/location")).status).toBe(429);
  keeper.clock.advance(1);
  expect((await keeper.api("GET", "/location")).status).toBe(200);
  expect((await keeper.api("GET", "/location")).status).toBe(429);
});

test("the documented limit is the default", async () => {
  const keeper = await startTestShipBob();
  const settings = await keeper.sim<{ requestsPerMinute: number }>("GET", "/settings");
  expect(settings.body.requestsPerMinute).toBe(150);
});

test("paths and parameters that nobody knows are refused", async () => {
  const keeper = await startTestShipBob();
  expect((await keeper.api("GET", "/nothing")).status).toBe(404);
  expect((await keeper.api("GET", "/order?ReferenceId=o-1")).status).toBe(400);
  expect((await keeper.api("GET", "/inventory-level?PageSize=251")).status).toBe(400);
});

test("places, channels and products are told as they are laid", async () => {
  const keeper = await startTestShipBob();
  const locations = await keeper.api<{ id: number; name: string }[]>("GET", "/location");
  expect(locations.body.map(({ id, name }) => [id, name])).toEqual([
    [8, "Cicero (IL)"],
    [25, "Moreno Valley (CA)"],
  ]);
  const channels = await keeper.api<{ items: { id: number; scopes: string[] }[] }>("GET", "/channel");
  expect(channels.body.items.map(({ id, scopes }) => [id, scopes.includes("orders_write")])).toEqual([
    [101, true],
    [102, false],
  ]);
  const products = await keeper.api<{ items: { variants: { sku: string }[] }[] }>("GET", "/product?SKU=KB-S");
  expect(products.body.items.map(({ variants }) => variants[0]?.sku)).toEqual(["KB-S"]);
  const found = await keeper.api<{ items: { sku: string; inventory_id: number }[] }>(
    "GET",
    "/inventory?SearchBy=kb-m",
  );
  expect(found.body.items).toMatchObject([{ sku: "KB-M", inventory_id: keeper.inventoryId }]);
});
