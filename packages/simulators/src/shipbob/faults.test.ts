import { expect, test } from "vitest";

import { type OrderBody, orderRequest, startTestShipBob, type TestShipBob } from "./test-shipbob.ts";

/** The order's ids behind a reference. */
async function idsOf(keeper: TestShipBob, reference: string): Promise<number[]> {
  const { body } = await keeper.api<OrderBody[]>("GET", `/order?ReferenceIds=${reference}`);
  return body.map(({ id }) => id);
}

/** Calls that the keeper has heard so far, this one included: what the rate limit has counted. */
async function heardCalls(keeper: TestShipBob): Promise<number> {
  const { headers } = await keeper.api("GET", "/location");
  return 150 - Number(headers.get("x-remaining-calls"));
}

function strike(keeper: TestShipBob, rule: object) {
  return keeper.sim("PUT", "/faults", { api: [{ times: 1, endpoint: "POST /order", ...rule }] });
}

test("a server error applies nothing, in whatever body it comes", async () => {
  const keeper = await startTestShipBob();
  for (const body of ["problem", "html", "empty"]) {
    await strike(keeper, { kind: "serverError", status: 503, body });
    expect((await keeper.api("POST", "/order", { body: orderRequest("o-1", 1) })).status).toBe(503);
  }
  expect(await idsOf(keeper, "o-1")).toEqual([]);
});

test.each([
  ["timeoutAfterApply", 1],
  ["timeout", 0],
])("%s: no answer ever comes, and %i orders have been taken in", async (kind, taken) => {
  const keeper = await startTestShipBob();
  await strike(keeper, { kind });
  const giveUp = new AbortController();
  const post = keeper.api("POST", "/order", { body: orderRequest("o-1", 1), signal: giveUp.signal });
  const failed = expect(post).rejects.toThrow("aborted");
  let own = 0;
  await expect.poll(async () => (await heardCalls(keeper)) - (own += 1)).toBe(1);
  await expect.poll(async () => (await idsOf(keeper, "o-1")).length).toBe(taken);
  giveUp.abort();
  await failed;
  expect(await idsOf(keeper, "o-1")).toHaveLength(taken);
});

test.each([
  ["droppedAfterApply", 1],
  ["malformed", 1],
  ["dropped", 0],
])("%s: the answer breaks off, and %i orders have been taken in", async (kind, taken) => {
  const keeper = await startTestShipBob();
  await strike(keeper, { kind });
  await expect(keeper.api("POST", "/order", { body: orderRequest("o-1", 1) })).rejects.toThrow();
  expect(await idsOf(keeper, "o-1")).toHaveLength(taken);
});

test("a storm of 429 tells when to come again", async () => {
  const keeper = await startTestShipBob();
  await keeper.sim("PUT", "/faults", { api: [{ kind: "rateLimited", times: 2, retryAfterSeconds: 7 }] });
  for (let calls = 0; calls < 2; calls += 1) {
    const answer = await keeper.api("GET", "/location");
    expect([answer.status, answer.headers.get("x-retry-after")]).toEqual([429, "7"]);
  }
  expect((await keeper.api("GET", "/location")).status).toBe(200);
});

test("rules name the calls they strike, verbs behind a colon included", async () => {
  const keeper = await startTestShipBob();
  const { id } = await keeper.order("o-1", 1);
  for (const [endpoint, method, path] of [
    ["POST /order/:orderId:cancel", "POST", `/order/${id}:cancel`],
    ["POST /inventory/history:query", "POST", "/inventory/history:query"],
    ["GET /inventory-level/locations", "GET", "/inventory-level/locations"],
    ["GET *", "GET", "/location"],
  ] as const) {
    await keeper.sim("PUT", "/faults", { api: [{ kind: "unauthorized", endpoint, times: 1 }] });
    const body = method === "POST" ? { facility_id: 8 } : undefined;
    expect((await keeper.api(method, path, { body })).status, endpoint).toBe(401);
  }
});

test("a slow call is answered when its time has come", async () => {
  const keeper = await startTestShipBob();
  await keeper.sim("PUT", "/faults", { api: [{ kind: "slow", delayMs: 5_000, times: 1 }] });
  const call = keeper.api("GET", "/location");
  await expect.poll(() => keeper.clock.pending()).toBeGreaterThan(0);
  keeper.clock.advance(5_000);
  expect((await call).status).toBe(200);
});

test("faults that are none are refused", async () => {
  const keeper = await startTestShipBob();
  const wrong = await keeper.sim("PUT", "/faults", { webhooks: { loss: 2 } });
  expect([wrong.status, wrong.body]).toMatchObject([400, { code: "invalid_request" }]);
});
