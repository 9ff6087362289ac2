import { randomUUID } from "node:crypto";

import { beforeAll, beforeEach, expect, test } from "vitest";

import { sealed } from "../auth/secret-box.ts";
import { KeeperRegistry } from "../connections/keeper-registry.ts";
import { applyFact } from "../intake/keeper/apply-fact.ts";
import { claimDueFacts, storeFacts } from "../intake/keeper/keeper-fact-store.ts";
import { plain, plainPushed } from "../intake/keeper/testing/plain-keeper.ts";
import { apiServer } from "../testing/api-server.ts";
import { testDatabase } from "../testing/test-database.ts";

const database = await testDatabase();
const kinds = [plain, plainPushed];
const api = apiServer(database, {}, () => [], kinds);

const START = Date.parse("2026-11-20T10:00:00Z");
const MINUTE_MS = 60_000;
let code = "";
let location = "";
let at = START;
let nth = 0;

beforeAll(async () => {
  for (const sku of ["A", "B", "C", "D", "E", "F"]) await api.put(`/v1/skus/${sku}`, { title: sku });
});

/** A keeper and a place of its own for each test. */
beforeEach(async () => {
  nth += 1;
  code = `wh-${nth}`;
  location = `3pl-${nth}`;
  await api.put(`/v1/locations/${location}`, { kind: "3pl" });
  await connect({ mode: "live" });
});

const connect = (rest: object) =>
  api.put(`/v1/connections/${code}`, {
    kind: "plain",
    baseUrl: "http://127.0.0.1:9",
    locations: { F1: location },
    ...rest,
  });

/** Has the keeper tell its levels a minute after the last ones, and works on them. */
async function told(levels: Readonly<Record<string, number>>): Promise<void> {
  at += MINUTE_MS;
  const lines = Object.entries(levels).map(([item, onHand]) => ({ item, facility: "F1", onHand, held: 0 }));
  const asOf = { from: at, to: at };
  const fact = { kind: "snapshot", factId: randomUUID(), asOf, scope: "full", lines } as const;
  const { sellerId } = api.seller;
  const origin = { sellerId, code, way: "levels", deliveryId: null, receivedAt: Date.now() } as const;
  await storeFacts(database.pool, origin, [fact]);
  const clock = { now: () => Date.now() };
  const registry = new KeeperRegistry({
    pool: database.pool,
    secretBox: sealed("a key for tests"),
    clock,
    kinds,
  });
  for (const claimed of await claimDueFacts(database.pool, { now: Date.now(), leaseMs: 30_000, limit: 100 }))
    await applyFact({ pool: database.pool, registry, ledger: api.ledger, clock }, claimed);
}

const sellable = async (sku: string): Promise<number> => {
  const { body } = await api.get(`/v1/skus/${sku}/availability`);
  const places = body.locations as { location: string; sellable: number }[];
  return places.find((place) => place.location === location)?.sellable ?? 0;
};
const levels = async (query = "") => (await api.get(`/v1/keepers/${code}/levels${query}`)).body;
const standing = async () => {
  const { body } = await api.get("/v1/keepers");
  return (body.keepers as { connection: string }[]).find(({ connection }) => connection === code);
};

test("a keeper's standing says since when both agree, what is open, and what is held", async () => {
  await told({ A: 40, B: 10 });
  expect(await standing()).toMatchObject({
    kind: "plain",
    title: "Plain Warehouse",
    mode: "live",
    locations: [location],
    levels: { verified: 0, suspect: 0, open: 0, booked: 2 },
    verifiedAsOf: new Date(at).toISOString(),
    heard: [{ way: "levels" }],
    facts: { due: 0, waiting: 0, poison: 0 },
    heldSnapshot: null,
  });
  const agreed = at;
  await told({ A: 90, B: 10 });
  await told({ A: 90, B: 10 });
  expect(await standing()).toMatchObject({
    levels: { verified: 1, suspect: 0, open: 1, booked: 0 },
    openUnits: 50,
    verifiedAsOf: new Date(agreed).toISOString(),
    toldAsOf: new Date(at).toISOString(),
  });
});

test("levels page by place and SKU, all or of one state", async () => {
  await told({ A: 40, B: 10, C: 3 });
  await told({ A: 90, B: 10, C: 3 });
  await told({ A: 90, B: 10, C: 3 });
  const first = await levels("?limit=2");
  expect(first.levels.map(({ sku }: { sku: string }) => sku)).toEqual(["A", "B"]);
  const rest = await levels(`?limit=2&cursor=${first.nextCursor}`);
  expect(rest).toMatchObject({ levels: [{ sku: "C", state: "verified" }], nextCursor: null });
  expect((await levels("?state=open")).levels).toMatchObject([
    { sku: "A", location, sellable: 90, expected: 40, drift: 50, strikes: 2, likelyCause: "never_explained" },
  ]);
  expect((await levels("?sku=B")).levels).toHaveLength(1);
  expect((await api.get("/v1/keepers/nobody/levels")).body.code).toBe("unknown_connection");
});

test("[I2] one click takes the keeper's word as of its time; what moved since stays moved, and a second click moves nothing", async () => {
  await told({ A: 40 });
  await told({ A: 90 });
  await told({ A: 90 });
  const sale = {
    kind: "adjustment",
    sku: "A",
    location,
    units: -4,
    externalId: randomUUID(),
    reason: "since",
  };
  await api.post("/v1/movements", { movements: [sale] });
  expect(await sellable("A")).toBe(36);
  const path = `/v1/keepers/${code}/levels/${location}/A/accept`;
  const { body } = await api.post(path, {});
  expect(body).toMatchObject({ ok: true });
  expect(await sellable("A")).toBe(86);
  expect((await api.post(path, {})).body).toEqual(body);
  expect(await sellable("A")).toBe(86);
  expect((await levels()).levels).toMatchObject([{ sku: "A", state: "booked", bookedUnits: 50 }]);
  const open = (await api.get("/v1/alerts?kind=keeper_drift")).body.alerts as { connection: string }[];
  expect(open.filter(({ connection }) => connection === code)).toEqual([]);
  const chain = (await api.get("/v1/skus/A/explain")).body.entries as {
    seq: number;
    reason: string | null;
  }[];
  expect(chain.find(({ seq }) => seq === body.seq)?.reason).toBe(`${code}: accepted by a person`);
});

test("nothing is accepted of a keeper that is not live, or of what it never told", async () => {
  await connect({ mode: "shadow" });
  await told({ A: 40 });
  const accept = (sku: string) => api.post(`/v1/keepers/${code}/levels/${location}/${sku}/accept`, {});
  expect((await accept("A")).body.code).toBe("keeper_not_live");
  expect((await accept("B")).body.code).toBe("unknown_level");
  expect(await sellable("A")).toBe(0);
});

test("what the keeper said since is not accepted unseen", async () => {
  await told({ A: 40 });
  await told({ A: 90 });
  await told({ A: 90 });
  const accept = (seen: number) =>
    api.post(`/v1/keepers/${code}/levels/${location}/A/accept?asOf=${new Date(seen).toISOString()}`, {});
  const seen = at;
  await told({ A: 95 });
  expect((await accept(seen)).body).toMatchObject({ code: "level_changed", field: "asOf" });
  expect(await sellable("A")).toBe(40);
  expect((await accept(at)).body).toMatchObject({ ok: true });
  expect(await sellable("A")).toBe(95);
});

test("a recount marks the level and has the item read, until newer levels come", async () => {
  await told({ A: 40 });
  const { body } = await api.post(`/v1/keepers/${code}/levels/${location}/A/recount`, {});
  expect(body).toMatchObject({ isRead: true });
  expect((await levels()).levels).toMatchObject([{ recountWantedAt: body.recountWantedAt }]);
  const { rows } = await database.pool.query("select id from keeper_look where connection = $1", [code]);
  expect(rows).toEqual([{ id: "A" }]);
});

test("emptied snapshots are booked once two say so and somebody accepted them", async () => {
  const full = { A: 5, B: 5, C: 5, D: 5, E: 5, F: 5 };
  const none = { A: 0, B: 0, C: 0, D: 0, E: 0, F: 0 };
  const accept = () => api.post(`/v1/keepers/${code}/accept-snapshot`, {});
  await told(full);
  expect((await accept()).body.code).toBe("no_snapshot_held");
  await told(none);
  await told(none);
  expect(await standing()).toMatchObject({
    heldSnapshot: { strikes: 2, acceptedAt: null },
    facts: { waiting: 2 },
  });
  expect(await sellable("A")).toBe(5);
  expect((await accept()).body).toEqual({ ok: true, strikes: 2 });
  await told(none);
  expect(await sellable("A")).toBe(0);
  expect(await standing()).toMatchObject({ heldSnapshot: null, facts: { waiting: 0 } });
});

test("[I10] no keeper and no level of another seller is seen or moved", async () => {
  await told({ A: 40 });
  const key = api.other.keys.admin;
  expect((await api.get("/v1/keepers", key)).body.keepers).toEqual([]);
  expect((await api.get(`/v1/keepers/${code}/levels`, key)).body.code).toBe("unknown_connection");
  const path = `/v1/keepers/${code}/levels/${location}/A/accept`;
  expect((await api.post(path, {}, { key })).body.code).toBe("unknown_connection");
});
