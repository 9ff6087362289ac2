import { describe, expect, test } from "vitest";

import { LISTING, startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

const put = (market: TestMarketplace, quantity: number) =>
  market.api("PUT", `/items/${LISTING}`, { body: { available_quantity: quantity } });

async function strike(market: TestMarketplace, rule: Record<string, unknown>): Promise<void> {
  expect(await market.sim("PUT", "/faults", { api: [rule] })).toMatchObject({ status: 200 });
}

const available = async (market: TestMarketplace): Promise<number> => {
  const { body } = await market.api<{ available_quantity: number }>("GET", `/items/${LISTING}`);
  return body.available_quantity;
};

describe("an answer in place of the handler", () => {
  test.each([
    ["json", "application/json", "internal_server_error"],
    ["html", "text/html", "<html>"],
    ["text", "text/plain", "upstream connect error"],
  ])("5xx as %s", async (body, type, content) => {
    const market = await startMarketplace();
    await strike(market, { kind: "serverError", status: 503, body, endpoint: "PUT /items/:id" });
    const answer = await put(market, 4);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("content-type")).toContain(type);
    expect(answer.text).toContain(content);
    expect(await available(market)).toBe(10);
  });

  test.each([
    ["tooManyRequests", "Too Many Requests"],
    ["overQuota", "client.id over quota"],
    ["tooManyRequest", "too_many_request"],
    ["localRateLimited", "local_rate_limited"],
    ["text", "local_rate_limited"],
  ])("429 with the body %s, and Retry-After only if asked for", async (body, content) => {
    const market = await startMarketplace();
    await strike(market, { kind: "rateLimited", body, times: 1 });
    const bare = await put(market, 4);
    expect(bare.status).toBe(429);
    expect(bare.text).toContain(content);
    expect(bare.headers.has("retry-after")).toBe(false);
    await strike(market, { kind: "rateLimited", body, retryAfterSeconds: 7 });
    expect((await put(market, 4)).headers.get("retry-after")).toBe("7");
    await market.sim("PUT", "/faults", {});
    expect(await available(market)).toBe(10);
  });

  test("late, but right", async () => {
    const market = await startMarketplace();
    await strike(market, { kind: "slow", delayMs: 20_000, times: 1 });
    let answered = false;
    const answer = put(market, 4).finally(() => (answered = true));
    await expect.poll(() => market.clock.pending()).toBe(1);
    market.clock.advance(19_999);
    expect(await available(market)).toBe(10);
    expect(answered).toBe(false);
    market.clock.advance(1);
    expect(await answer).toMatchObject({ status: 200 });
    expect(await available(market)).toBe(4);
  });

  test("409 when two write at once", async () => {
    const market = await startMarketplace();
    await strike(market, { kind: "conflict", times: 1 });
    expect(await market.api("GET", `/items/${LISTING}`)).toMatchObject({ status: 200 });
    expect(await put(market, 4)).toMatchObject({
      status: 409,
      body: { message: "item optimistic locking error: conflict", status: 409, cause: [] },
    });
    expect(await available(market)).toBe(10);
    expect(await put(market, 4)).toMatchObject({ status: 200 });
    expect(await available(market)).toBe(4);
  });

  test("401 for a token that is good", async () => {
    const market = await startMarketplace();
    await strike(market, { kind: "unauthorized", times: 1 });
    expect(await put(market, 4)).toMatchObject({ status: 401, body: { message: "invalid_token" } });
    expect(await put(market, 4)).toMatchObject({ status: 200 });
  });
});

describe("an answer that lies about what happened", () => {
  test("200, and nothing was written", async () => {
    const market = await startMarketplace();
    await strike(market, { kind: "writeIgnored" });
    expect(await put(market, 4)).toMatchObject({ status: 200 });
    expect(await available(market)).toBe(10);
  });

  test("half a body, and it was written", async () => {
    const market = await startMarketplace();
    await strike(market, { kind: "malformed", endpoint: "PUT *" });
    await expect(put(market, 4)).rejects.toThrow(SyntaxError);
    expect(await available(market)).toBe(4);
  });

  test.each([
    ["timeout", 10],
    ["timeoutAfterApply", 4],
  ])("no answer at all: %s", async (kind, quantity) => {
    const market = await startMarketplace();
    await strike(market, { kind, endpoint: "PUT *" });
    const call = market.api("PUT", `/items/${LISTING}`, {
      body: { available_quantity: 4 },
      signal: AbortSignal.timeout(100),
    });
    await expect(call).rejects.toThrow();
    expect(await available(market)).toBe(quantity);
  });

  test.each([
    ["dropped", 10],
    ["droppedAfterApply", 4],
  ])("a cut connection: %s", async (kind, quantity) => {
    const market = await startMarketplace();
    await strike(market, { kind, endpoint: "PUT *" });
    await expect(put(market, 4)).rejects.toThrow();
    expect(await available(market)).toBe(quantity);
  });
});

describe("rules", () => {
  test("strike only where they fit, as often as they may", async () => {
    const market = await startMarketplace();
    await strike(market, { kind: "serverError", endpoint: "PUT /items/:id", account: "mx-2", times: 1 });
    expect(await put(market, 4)).toMatchObject({ status: 200 });
    await strike(market, { kind: "serverError", endpoint: "PUT /items/:id", account: "mx-1", times: 2 });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) statuses.push((await put(market, 4)).status);
    expect(statuses).toEqual([500, 500, 200, 200]);
  });

  test("strike by their probability, the same calls for the same seed", async () => {
    const strikes = async (seed: number): Promise<number[]> => {
      const market = await startMarketplace({
        seed,
        faults: { api: [{ kind: "serverError", probability: 0.5 }] },
      });
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 40; attempt += 1) statuses.push((await put(market, 4)).status);
      return statuses;
    };
    const first = await strikes(7);
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await strikes(7)).toEqual(first);
    expect(await strikes(8)).not.toEqual(first);
  });

  test("that are wrong are refused by name, and change nothing", async () => {
    const market = await startMarketplace();
    await strike(market, { kind: "conflict" });
    expect(await market.sim("PUT", "/faults", { notifications: { loss: 2 } })).toMatchObject({
      status: 400,
      body: { code: "invalid_request", message: expect.stringContaining("notifications.loss") },
    });
    expect(await market.sim("PUT", "/faults", { api: [{ kind: "earthquake" }] })).toMatchObject({
      status: 400,
    });
    expect(await market.sim("PUT", "/faults", { nothing: 1 })).toMatchObject({ status: 400 });
    expect(await market.sim("GET", "/faults")).toMatchObject({ body: { api: [{ kind: "conflict" }] } });
  });
});

describe("quotas", () => {
  test("are counted per client and endpoint, and refill with time", async () => {
    const limits = { endpoints: { "GET /items/:id": { perMinute: 60, burst: 2 } } };
    const market = await startMarketplace({ settings: { limits } });
    const read = async (token = market.first.accessToken) =>
      (await market.api("GET", `/items/${LISTING}`, { token })).status;
    expect([await read(), await read(), await read()]).toEqual([200, 200, 429]);
    // Another seller of the same app shares its quota; another endpoint does not.
    expect(await read(market.second.accessToken)).toBe(429);
    expect(await put(market, 4)).toMatchObject({ status: 200 });
    market.clock.advance(999);
    expect(await read()).toBe(429);
    market.clock.advance(1);
    expect([await read(), await read()]).toEqual([200, 429]);
  });

  test("say so without Retry-After", async () => {
    const market = await startMarketplace({ settings: { limits: { perMinute: 1, burst: 1 } } });
    await market.api("GET", "/users/me");
    const answer = await market.api("GET", "/users/me");
    expect(answer).toMatchObject({
      status: 429,
      body: { message: "Too Many Requests", error: "too_many_requests", status: 429, cause: [] },
    });
    expect(answer.headers.has("retry-after")).toBe(false);
  });
});
