import { describe, expect, it } from "vitest";

import { orderInput, SKU, startTestShipHero, type TestShipHero } from "./test-shiphero.ts";

const READ = `{ product(sku: "${SKU}") { data { sku } } }`;
const CREATE = "mutation ($data: CreateOrderInput!) { order_create(data: $data) { order { id } } }";

const orders = ({ truth }: TestShipHero): number =>
  Object.values(truth().orders).reduce((sum, n) => sum + n, 0);

describe("a fault of the API", () => {
  it.each([
    ["json", "application/json"],
    ["html", "text/html"],
    ["text", "text/plain"],
  ])("answers with an error page as %s, as often as set", async (body, type) => {
    const vendor = await startTestShipHero();
    await vendor.sim("PUT", "/faults", { api: [{ kind: "serverError", status: 503, body, times: 1 }] });
    const { status, headers } = await vendor.graphql(READ);
    expect(status).toBe(503);
    expect(headers.get("content-type")).toContain(type);
    expect((await vendor.graphql(READ)).status).toBe(200);
  });

  it("strikes what it names only", async () => {
    const vendor = await startTestShipHero();
    await vendor.sim("PUT", "/faults", { api: [{ kind: "unexpectedError", endpoint: "order_create" }] });
    expect((await vendor.graphql(READ)).errors).toBeUndefined();
    expect((await vendor.graphql(CREATE, { data: orderInput("R", 1) })).body).toEqual({
      errors: [expect.objectContaining({ code: 1, operation: "order_create" })],
      data: { order_create: null },
    });
    await vendor.sim("PUT", "/faults", { api: [{ kind: "rateLimited", endpoint: "mutation *" }] });
    expect((await vendor.graphql(CREATE, { data: orderInput("R", 1) })).status).toBe(429);
    expect((await vendor.graphql(READ)).status).toBe(200);
    await vendor.sim("PUT", "/faults", { api: [{ kind: "serverError", endpoint: "POST /auth/refresh" }] });
    expect((await fetch(vendor.tokenUrl, { method: "POST" })).status).toBe(502);
    expect(orders(vendor)).toBe(0);
  });

  it("throttles although there are credits", async () => {
    const vendor = await startTestShipHero();
    await vendor.sim("PUT", "/faults", { api: [{ kind: "throttled", times: 1 }] });
    expect((await vendor.graphql(READ)).errors?.[0]).toMatchObject({ code: 30, time_remaining: "1 seconds" });
  });

  it.each([
    ["dropped", 0],
    ["droppedAfterApply", 1],
  ])("cuts the line: %s leaves %i orders", async (kind, made) => {
    const vendor = await startTestShipHero();
    await vendor.sim("PUT", "/faults", { api: [{ kind, endpoint: "order_create" }] });
    await expect(vendor.graphql(CREATE, { data: orderInput("R", 1) })).rejects.toThrow("fetch failed");
    expect(orders(vendor)).toBe(made);
  });

  it.each([
    ["timeout", 0],
    ["timeoutAfterApply", 1],
  ])("never answers: %s leaves %i orders", async (kind, made) => {
    const vendor = await startTestShipHero();
    await vendor.sim("PUT", "/faults", { api: [{ kind, endpoint: "order_create" }] });
    const gaveUp = new AbortController();
    const answer = fetch(vendor.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${vendor.account.accessToken}` },
      body: JSON.stringify({ query: CREATE, variables: { data: orderInput("R", 1) } }),
      signal: gaveUp.signal,
    });
    // Others are answered meanwhile, so that an order that was to be made would have been.
    for (let n = 0; n < 5; n += 1) expect((await vendor.graphql(READ)).status).toBe(200);
    await expect.poll(() => orders(vendor)).toBe(made);
    gaveUp.abort();
    await expect(answer).rejects.toThrow();
    expect(orders(vendor)).toBe(made);
  });

  it("carries out and answers with half a body", async () => {
    const vendor = await startTestShipHero();
    await vendor.sim("PUT", "/faults", { api: [{ kind: "malformed", endpoint: "order_create" }] });
    await expect(vendor.graphql(CREATE, { data: orderInput("R", 1) })).rejects.toThrow(SyntaxError);
    expect(orders(vendor)).toBe(1);
  });

  it("refuses a token that is good", async () => {
    const vendor = await startTestShipHero();
    await vendor.sim("PUT", "/faults", { api: [{ kind: "unauthorized", times: 1 }] });
    expect((await vendor.graphql(READ)).status).toBe(401);
    expect((await vendor.graphql(READ)).status).toBe(200);
  });

  it("of no kind that there is, is refused", async () => {
    const { sim } = await startTestShipHero();
    expect(await sim("PUT", "/faults", { api: [{ kind: "rain" }] })).toMatchObject({
      status: 400,
      body: { code: "invalid_request" },
    });
  });
});

describe("two runs of one seed", () => {
  async function run(seed: number) {
    const vendor = await startTestShipHero({ seed, floor: { pickAfterMs: { min: 1_000, max: 9_000 } } });
    const { id } = await vendor.order(2);
    await vendor.act("damage", { facility: "main", item: SKU, units: 1, noticed: true });
    const bins = await vendor.ask("{ locations { data(first: 10) { edges { node { id name } } } } }");
    await vendor.sim("POST", "/clock", { advanceMs: 5_000 });
    return { id, bins, account: vendor.account, truth: { ...vendor.truth(), wallNow: "" } };
  }

  it("are alike", async () => {
    expect(await run(7)).toEqual(await run(7));
    expect((await run(8)).account.accountId).not.toBe((await run(7)).account.accountId);
  });
});
