import type { Observation } from "@onepool/core/observe/observation.ts";
import pg from "pg";
import { describe, expect, it } from "vitest";

import { inTransaction } from "../connections/in-transaction.ts";
import { addSeller } from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { appendObservations, OBSERVATION_CHANNEL } from "./observation-log.ts";

const database = await testDatabase();
const { pool } = database;
const sellerId = await addSeller(pool, "first");
const NOW = Date.parse("2026-11-23T10:00:00Z");

const seen = (quantity: number): Observation => ({
  connection: "meli-1",
  externalId: "MLM1",
  kind: "confirmed",
  body: { quantity, status: "active" },
});
const append = (...observations: Observation[]) =>
  inTransaction(pool, (client) => appendObservations(client, sellerId, NOW, observations));

async function cursors(): Promise<number[]> {
  const { rows } = await pool.query<{ cursor: number }>(
    "select cursor from observation where seller_id = $1 order by cursor",
    [sellerId],
  );
  return rows.map(({ cursor }) => cursor);
}

describe("the observation log", () => {
  it("has no gap, whoever writes at the same time and whatever is rolled back", async () => {
    const failing = inTransaction(pool, async (client) => {
      await appendObservations(client, sellerId, NOW, [seen(1), seen(2)]);
      throw new Error("changed my mind");
    });
    await Promise.all([
      expect(failing).rejects.toThrow("changed my mind"),
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
