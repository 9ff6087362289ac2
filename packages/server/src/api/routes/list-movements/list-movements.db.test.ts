import { beforeAll, expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const api = apiServer(await testDatabase());

beforeAll(async () => {
  await api.put("/v1/locations/3pl", { kind: "3pl" });
  for (const sku of ["A", "B"]) {
    await api.put(`/v1/skus/${sku}`, {});
    const base = { sku, units: 5, location: "main" };
    const movements = [
      { ...base, kind: "receipt", externalId: `${sku}-r`, occurredAt: "2026-01-01T00:00:00Z", reason: "PO" },
      { ...base, kind: "transfer", units: 2, toLocation: "3pl", externalId: `${sku}-t` },
      { ...base, kind: "damage", units: 1, externalId: `${sku}-d` },
    ];
    await api.post("/v1/movements", { movements });
  }
  for (const status of ["pending", "paid", "shipped"]) {
    const lines = [
      { lineId: "1", sku: "A", quantity: 1 },
      { lineId: "2", sku: "B", quantity: 1 },
    ];
    await api.post("/v1/orders", { orders: [{ channel: "web", orderId: "O", status, lines }] });
    await api.post("/v1/orders", { orders: [{ channel: "web", orderId: `P-${status}`, status, lines }] });
  }
});

interface Leg {
  readonly seq: number;
  readonly leg: number;
  readonly sku: string;
  readonly location: string | null;
  readonly bucket: string;
  readonly units: number;
  readonly before: number;
  readonly after: number;
  readonly orderId: string | null;
}

async function all(query: string, limit: number): Promise<Leg[]> {
  const legs: Leg[] = [];
  let cursor = "";
  do {
    const { body } = await api.get(`/v1/movements?limit=${limit}${query}${cursor}`);
    legs.push(...body.movements);
    cursor = body.nextCursor === null ? "" : `&cursor=${body.nextCursor}`;
  } while (cursor !== "");
  return legs;
}

test("every leg is listed once, newest first, whatever the size of the page", async () => {
  const whole = await all("", 200);
  expect(whole.length).toBe(26);
  const places = whole.map(({ seq, leg }) => seq * 10_000 + leg);
  expect(places).toEqual(places.toSorted((left, right) => right - left));
  for (const limit of [1, 2, 7]) expect(await all("", limit)).toEqual(whole);
});

test("[I1] each balance is the sum of its legs", async () => {
  const balances = new Map<string, number>();
  for (const { sku, location, bucket, units, before, after } of (await all("", 200)).toReversed()) {
    const account = `${sku} ${location} ${bucket}`;
    expect(before).toBe(balances.get(account) ?? 0);
    expect(after).toBe(before + units);
    balances.set(account, after);
  }
});

test.each([
  ["&sku=A", (leg: Leg) => leg.sku === "A"],
  ["&sku=A&location=3pl", (leg: Leg) => leg.sku === "A" && leg.location === "3pl"],
  ["&sku=B&bucket=committed", (leg: Leg) => leg.sku === "B" && leg.bucket === "committed"],
  ["&sku=NOPE", () => false],
  ["&channel=web&orderId=O", (leg: Leg) => leg.orderId === "O"],
  ["&channel=web&orderId=NOPE", () => false],
])("%s lists just those", async (query, isMeant) => {
  const expected = (await all("", 200)).filter(isMeant);
  for (const limit of [1, 3, 200]) expect(await all(query, limit)).toEqual(expected);
});

test("tells what a leg belongs to", async () => {
  const legs = await all("&sku=A", 200);
  expect(legs.at(-1)).toMatchObject({
    kind: "receipt",
    externalId: "A-r",
    occurredAt: "2026-01-01T00:00:00.000Z",
    location: "main",
    bucket: "sellable",
    units: 5,
    counterpart: "supplier",
    reason: "PO",
    channel: null,
    orderId: null,
    lineId: null,
  });
  expect(legs[0]).toMatchObject({ kind: "order", channel: "web", orderId: "P-shipped", lineId: "1" });
});
