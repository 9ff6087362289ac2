import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import { inTransaction } from "../connections/in-transaction.ts";
import { addSeller, connection, listing, tell, testLedger } from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { type Claim, claimForPush, claimForReading } from "./claim-store.ts";
import { rankListings, readDue } from "./due-store.ts";
import { restListings } from "./listing-state-store.ts";
import { type Release, releaseListings } from "./release-store.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
const NOW = Date.parse("2026-11-23T10:00:00Z");
const key = { sellerId: 0, connection: "meli-1" };
const externalId = "MLM1";

beforeAll(async () => {
  key.sellerId = await addSeller(pool, "first");
  await tell(
    ledger,
    key.sellerId,
    { kind: "put_sku", sku: "KB-M", attributes: {} },
    connection("meli-1", {}),
  );
  await tell(ledger, key.sellerId, listing("meli-1", externalId, "KB-M"));
});
beforeEach(async () => {
  await pool.query("delete from listing_state");
  await pool.query(
    "insert into listing_state (seller_id, connection, external_id, next_attempt_at) values ($1, $2, $3, $4)",
    [key.sellerId, key.connection, externalId, new Date(NOW)],
  );
});

const due = (now = NOW) => readDue(pool, key, { now, openSaleMs: 60_000, limit: 10 });
const push = (version: number, seq: number, now = NOW) =>
  claimForPush(pool, key, {
    externalId,
    version,
    quantity: 5,
    seq,
    now,
    claimedUntil: now + 30_000,
    reach: 45,
    appliesWithinMs: 3_000,
  });
const release = (claim: Claim, change: Partial<Release> = {}) =>
  inTransaction(pool, (client) =>
    releaseListings(
      client,
      key,
      [{ claim, nextAt: null, problem: null, isFailure: false, pushed: "kept", ...change }],
      NOW + 1_000,
    ),
  );
/** What the publisher does when something moves. */
const mark = () =>
  pool.query("update listing_state set version = version + 1, next_attempt_at = least(next_attempt_at, $1)", [
    new Date(NOW),
  ]);

async function claimed(claim: Promise<Claim | null>): Promise<Claim> {
  const got = await claim;
  if (got === null) throw new Error("the listing is free");
  return got;
}

describe("a claim on a listing", () => {
  it("[I8] never lets a write go out that was computed from an older state than the one before", async () => {
    await release(await claimed(push(0, 7)), { nextAt: NOW });
    const [listed] = await due();
    expect(await push(listed?.version ?? -1, 6)).toBeNull();
    expect(await push(listed?.version ?? -1, 7)).not.toBeNull();
  });

  it("[I8] is not given for a decision that something new has overtaken", async () => {
    await mark();
    expect(await push(0, 7)).toBeNull();
  });

  it("is given to one of many, and one write is in flight at a time", async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, () => push(0, 7)));
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    expect(await due()).toEqual([]);
    expect(await push(1, 8)).toBeNull();
  });

  it("ends with its lease, and leaves the doubt of a crash behind", async () => {
    const lost = await claimed(push(0, 7));
    const [listed] = await due(NOW + 30_000);
    expect(listed).toMatchObject({ pushed: 5, pushedAt: NOW });
    const [next] = await claimForReading(pool, key, {
      listings: [{ externalId, version: listed?.version ?? -1 }],
      now: NOW + 30_000,
      claimedUntil: NOW + 60_000,
    });
    expect(next).toBeDefined();
    // Whoever comes back from the dead has no say any more.
    await release(lost, { pushed: "gone", reading: { quantity: 5, at: NOW, until: NOW, version: null } });
    const { rows } = await pool.query("select observed, pushed, claimed_until from listing_state");
    expect(rows).toEqual([{ observed: null, pushed: 5, claimed_until: new Date(NOW + 60_000) }]);
  });

  it("is given back due at once when something moved meanwhile", async () => {
    const quiet = await claimed(push(0, 7));
    await release(quiet);
    expect(await due(NOW + 1_000)).toEqual([]);
    await mark();
    const [listed] = await due();
    const moved = await claimed(push(listed?.version ?? -1, 8));
    await mark();
    await release(moved);
    expect(await due(NOW + 1_000)).toHaveLength(1);
  });

  it("keeps what a write may add to the exposure, and how long an overtaken one may still land", async () => {
    const first = await claimed(push(0, 7));
    await release(first);
    const second = await claimed(push(first.version, 8, NOW + 500));
    const states = async () =>
      (await pool.query("select reach, overtaken_until, observed_until, channel_version from listing_state"))
        .rows;
    const overtakenUntil = new Date(NOW + 3_000);
    expect(await states()).toEqual([
      { reach: 45, overtaken_until: overtakenUntil, observed_until: null, channel_version: null },
    ]);
    const reading = { quantity: 5, at: NOW + 600, until: NOW + 700, version: "v2" };
    await release(second, { pushed: "gone", reading, reach: 12 });
    expect(await states()).toEqual([
      {
        reach: 12,
        overtaken_until: overtakenUntil,
        observed_until: new Date(NOW + 700),
        channel_version: "v2",
      },
    ]);
  });

  it("does not let a listing rest that was touched since it was decided on", async () => {
    await mark();
    await restListings(pool, key, [{ externalId, version: 0, nextAt: null, isSettled: true }]);
    expect(await due()).toHaveLength(1);
  });
});

describe("the queue for scarce calls", () => {
  const others = Array.from({ length: 200 }, (_, nth) => `MLM1${String(nth).padStart(3, "0")}`);

  beforeEach(async () => {
    for (const id of others)
      await tell(ledger, key.sellerId, listing("meli-1", id, "KB-M")).catch(() => undefined);
    await pool.query(
      `insert into listing_state (seller_id, connection, external_id, next_attempt_at)
       select $1, $2, id, $4 from unnest($3::text[]) as o (id)`,
      [key.sellerId, key.connection, others, new Date(NOW - 60_000)],
    );
    await rankListings(
      pool,
      key,
      others.map((id, nth) => ({ externalId: id, version: 0, wants: "push", urgency: 1_000 + nth })),
    );
  });

  it("finds what is new however long it is, and of the rest the most urgent", async () => {
    const found = await due();
    expect(found.filter(({ wants }) => wants === null).map((one) => one.externalId)).toEqual([externalId]);
    const ranked = found.flatMap(({ urgency }) => urgency ?? []);
    expect(ranked.toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: 40 }, (_, nth) => 1_000 + nth),
    );
  });

  it("looks anew at what moved while it waited", async () => {
    const last = others.at(-1) ?? "";
    expect((await due()).map((one) => one.externalId)).not.toContain(last);
    await pool.query(
      "update listing_state set wants = null, urgency = null, version = version + 1 where external_id = $1",
      [last],
    );
    expect((await due()).map((one) => one.externalId)).toContain(last);
    await rankListings(pool, key, [{ externalId: last, version: 0, wants: "push", urgency: 5_000 }]);
    expect((await due()).map((one) => one.externalId)).toContain(last);
    await rankListings(pool, key, [{ externalId: last, version: 1, wants: "push", urgency: 3 }]);
    expect((await due()).find((one) => one.externalId === last)).toMatchObject({ urgency: 3 });
  });
});
