import { describe, expect, test } from "vitest";

import { SKU, startTestAmazon, type TestAmazon } from "./test-amazon.ts";

const instantly = { settings: { writeApplyMs: { min: 0, max: 0 } } };

const setTo = (quantity: number) => ({
  productType: "PRODUCT",
  patches: [
    {
      op: "merge",
      path: "/attributes/fulfillment_availability",
      value: [{ fulfillment_channel_code: "DEFAULT", quantity }],
    },
  ],
});

const patch = (amazon: TestAmazon, quantity: number, signal?: AbortSignal) =>
  amazon.api("PATCH", amazon.skuPath(SKU), {
    body: setTo(quantity),
    ...(signal === undefined ? {} : { signal }),
  });

async function strike(amazon: TestAmazon, rule: Record<string, unknown>): Promise<void> {
  expect(await amazon.sim("PUT", "/faults", { api: [rule] })).toMatchObject({ status: 200 });
}

/** What buyers see, read past the faults. */
const shown = async (amazon: TestAmazon): Promise<number | undefined> =>
  (await amazon.sim<{ listings: { shows: number }[] }>("GET", "/truth")).body.listings[0]?.shows;

describe("an answer in place of the handler", () => {
  test.each([
    ["json", "application/json", "We encountered an internal error. Please try again."],
    ["html", "text/html", "<html>"],
    ["text", "text/plain", "upstream connect error"],
  ])("5xx as %s", async (body, type, content) => {
    const amazon = await startTestAmazon(instantly);
    await strike(amazon, { kind: "serverError", status: 503, body, endpoint: "patchListingsItem" });
    const answer = await patch(amazon, 4);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("content-type")).toContain(type);
    expect(answer.text).toContain(content);
    expect(await shown(amazon)).toBe(10);
    expect((await amazon.api("GET", amazon.skuPath(SKU))).status).toBe(200);
  });

  test.each([
    ["quotaExceeded", "You exceeded your quota for the requested resource."],
    ["application", "The frequency of requests was greater than what is allowed for the application."],
  ])("429 with the body %s, and Retry-After only if asked for", async (body, content) => {
    const amazon = await startTestAmazon(instantly);
    await strike(amazon, { kind: "rateLimited", body, times: 1 });
    const bare = await patch(amazon, 4);
    expect(bare.status).toBe(429);
    expect(bare.text).toContain(content);
    expect(bare.headers.has("retry-after")).toBe(false);
    expect((await patch(amazon, 5)).status).toBe(200);
    await strike(amazon, { kind: "rateLimited", body, retryAfterSeconds: 7 });
    expect((await patch(amazon, 4)).headers.get("retry-after")).toBe("7");
    expect(await shown(amazon)).toBe(5);
  });

  test("late, but right", async () => {
    const amazon = await startTestAmazon(instantly);
    await strike(amazon, { kind: "slow", delayMs: 20_000, times: 1 });
    let answered = false;
    const answer = patch(amazon, 4).finally(() => (answered = true));
    await expect.poll(() => amazon.clock.pending()).toBe(1);
    amazon.clock.advance(19_999);
    expect(await shown(amazon)).toBe(10);
    expect(answered).toBe(false);
    amazon.clock.advance(1);
    expect((await answer).status).toBe(200);
    expect(await shown(amazon)).toBe(4);
  });

  test("403 as for a bad token", async () => {
    const amazon = await startTestAmazon(instantly);
    await strike(amazon, { kind: "unauthorized", account: "us-1" });
    expect((await patch(amazon, 4)).status).toBe(403);
    const other = await amazon.api("GET", "/sellers/v1/marketplaceParticipations", {
      token: amazon.second.accessToken,
    });
    expect(other.status).toBe(200);
  });
});

describe("no answer", () => {
  test.each([
    ["timeout", 10],
    ["timeoutAfterApply", 4],
  ])("%s: nothing comes back, and buyers see %i", async (kind, expected) => {
    const amazon = await startTestAmazon(instantly);
    await strike(amazon, { kind, times: 1 });
    const giveUp = new AbortController();
    const answer = patch(amazon, 4, giveUp.signal);
    const failed = expect(answer).rejects.toThrow("aborted");
    await expect.poll(() => shown(amazon)).toBe(expected);
    giveUp.abort();
    await failed;
    expect(await shown(amazon)).toBe(expected);
  });

  test.each([
    ["dropped", 10],
    ["droppedAfterApply", 4],
  ])("%s: the connection is cut, and buyers see %i", async (kind, expected) => {
    const amazon = await startTestAmazon(instantly);
    await strike(amazon, { kind, times: 1 });
    await expect(patch(amazon, 4)).rejects.toThrow("fetch failed");
    expect(await shown(amazon)).toBe(expected);
  });
});

test("a malformed answer to what was carried out", async () => {
  const amazon = await startTestAmazon(instantly);
  await strike(amazon, { kind: "malformed", times: 1 });
  await expect(patch(amazon, 4)).rejects.toThrow(SyntaxError);
  expect(await shown(amazon)).toBe(4);
});

describe("rules", () => {
  test("fit by operation, by route, by method and by account, in this order of the list", async () => {
    const amazon = await startTestAmazon(instantly);
    const route = "PATCH /listings/2021-08-01/items/:sellerId/:sku";
    for (const endpoint of ["patchListingsItem", route, "PATCH *", "*"]) {
      await strike(amazon, { kind: "serverError", endpoint, times: 1 });
      expect((await patch(amazon, 4)).status, endpoint).toBe(500);
      amazon.clock.advance(1_000);
      expect((await patch(amazon, 4)).status, endpoint).toBe(200);
    }
    for (const endpoint of ["getListingsItem", "GET *"]) {
      await strike(amazon, { kind: "serverError", endpoint });
      amazon.clock.advance(1_000);
      expect((await patch(amazon, 4)).status, endpoint).toBe(200);
    }
    await strike(amazon, { kind: "serverError", account: "us-2" });
    expect((await patch(amazon, 4)).status).toBe(200);
  });

  test("strike with their probability, the same calls each time", async () => {
    const play = async (): Promise<number[]> => {
      const amazon = await startTestAmazon({ ...instantly, seed: 11 });
      await strike(amazon, { kind: "serverError", probability: 0.5 });
      const statuses: number[] = [];
      for (let n = 0; n < 20; n += 1) {
        statuses.push((await patch(amazon, n)).status);
        amazon.clock.advance(1_000);
      }
      return statuses;
    };
    const first = await play();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await play()).toEqual(first);
  });

  test("are told back, replaced whole, and refused when they say nothing known", async () => {
    const amazon = await startTestAmazon();
    await strike(amazon, { kind: "serverError" });
    await amazon.sim("PUT", "/faults", { submissions: { lost: 0.5 } });
    expect(await amazon.sim("GET", "/faults")).toMatchObject({
      body: { api: [], submissions: { lost: 0.5 }, tokenRevoked: [] },
    });
    const wrong = [{ api: [{ kind: "earthquake" }] }, { submissions: { lost: 2 } }, { weather: {} }];
    for (const faults of wrong) {
      expect(await amazon.sim("PUT", "/faults", faults)).toMatchObject({
        status: 400,
        body: { code: "invalid_request" },
      });
    }
  });
});
