import type { Observation } from "@onepool/core/observe/observation.ts";
import pg from "pg";
import { describe, expect, it } from "vitest";

import { addSeller, clock, silentLog } from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { OBSERVATION_CHANNEL, ObservationLog } from "./observation-log.ts";

const database = await testDatabase();
const { pool } = database;
const sellerId = await addSeller(pool, "first");
const log = new ObservationLog({ pool, clock, log: silentLog });

const seen = (quantity: number): Observation => ({
  connection: "meli-1",
  externalId: "MLM1",
  kind: "confirmed",
  body: { quantity, status: "active" },
});
const append = (...observations: Observation[]) => log.record(sellerId, () => Promise.resolve(observations));

async function cursors(): Promise<number[]> {
  const { rows } = await pool.query<{ cursor: number }>(
    "select cursor from observation where seller_id = $1 order by cursor",
    [sellerId],
  );
  return rows.map(({ cursor }) => cursor);
}

describe("the observation log", () => {
  it("has no gap, whoever writes at the same time and whatever is rolled back", async () => {
    const failing = log.record(sellerId, async (client) => {
      await client.query("savepoint x");
      throw new Error("changed my mind");
    });
    const refused = append(seen(1), { ...seen(2), connection: "a NUL \0" });
    await Promise.all([
      expect(failing).rejects.toThrow("changed my mind"),
      expect(refused).rejects.toThrow("invalid byte sequence"),
      ...Array.from({ length: 10 }, (_, nth) => append(seen(nth), seen(nth + 100), seen(nth + 200))),
    ]);
    expect(await cursors()).toEqual(Array.from({ length: 30 }, (_, nth) => nth + 1));
  });

  it("keeps the order within one writing", async () => {
    const before = (await cursors()).length;
    await append(seen(7), seen(8), seen(9));
    const { rows } = await pool.query(
      "select body from observation where seller_id = $1 and cursor > $2 order by cursor",
      [sellerId, before],
    );
    expect(rows.map((row: { body: { quantity: number } }) => row.body.quantity)).toEqual([7, 8, 9]);
  });

  it("wakes who listens, and nobody for nothing", async () => {
    const client = new pg.Client({ connectionString: database.url });
    const heard: string[] = [];
    client.on("notification", ({ payload }) => heard.push(payload ?? ""));
    await client.connect();
    try {
      await client.query(`listen ${OBSERVATION_CHANNEL}`);
      await append();
      await append(seen(1));
      await waitUntil(() => heard.length > 0);
      expect(heard).toEqual([String(sellerId)]);
    } finally {
      await client.end();
    }
  });
});
