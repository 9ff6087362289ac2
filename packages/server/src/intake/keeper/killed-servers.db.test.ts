import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { startSimulator } from "@onepool/connectors/contract/testing/simulator-process.ts";
import { afterAll, expect, test } from "vitest";

import { type ServerProcess, startServerProcess } from "../../testing/server-process.ts";
import { testDatabase } from "../../testing/test-database.ts";
import { waitUntil } from "../../testing/wait-until.ts";

const database = await testDatabase();
const simulator = await startSimulator("shipbob", 11);
const folder = await mkdtemp(path.join(os.tmpdir(), "onepool-keepers-"));
const servers: ServerProcess[] = [];

afterAll(async () => {
  for (const server of servers) server.signal("SIGKILL");
  await Promise.all(servers.map(({ ended }) => ended));
  await simulator.stop();
  await rm(folder, { recursive: true });
});

const KEY = "opk_for_the_keepers_that_are_killed_0000000000";
const LOSSES = 30;

async function start(): Promise<{ readonly server: ServerProcess; readonly url: string }> {
  const server = startServerProcess({
    DATABASE_URL: database.url,
    ONEPOOL_DATA: folder,
    ONEPOOL_API_KEY: KEY,
    ONEPOOL_SECRET_KEY: "s".repeat(32),
  });
  servers.push(server);
  return { server, url: (await server.ready()).origin };
}

async function told(): Promise<{ readonly facts: number; readonly events: number }> {
  const { rows } = await database.pool.query<{ facts: number; events: number }>(
    `select count(*)::int as facts, count(distinct fact_id)::int as events from keeper_fact where kind = 'adjustment'`,
  );
  return rows[0] ?? { facts: 0, events: 0 };
}

/** In place of the minute after which what the dead held is taken up. Who lives finds its lease gone, and stores nothing with it. */
async function endLeases(): Promise<void> {
  await database.pool.query("update keeper_progress set claimed_until = null, due_at = now()");
}

test("[I3] servers that are killed while they read lose nothing and count nothing twice", async () => {
  const account = (await simulator.control("GET", "/_sim/account")) as unknown as {
    readonly token: string;
    readonly facilities: readonly { readonly id: number; readonly name: string }[];
    readonly channels: readonly { readonly id: number }[];
    readonly items: readonly { readonly sku: string }[];
  };
  const [{ name: facility, id } = { name: "", id: 0 }] = account.facilities;
  const [{ sku: item } = { sku: "" }] = account.items;
  const [first, second] = await Promise.all([start(), start()]);
  const put = async (address: string, body: object): Promise<number> => {
    const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
    const answer = await fetch(`${second.url}${address}`, {
      method: "PUT",
      headers,
      body: JSON.stringify(body),
    });
    return answer.status;
  };
  expect(await put(`/v1/skus/${item}`, {})).toBe(200);
  const connected = await put("/v1/connections/bob", {
    kind: "shipbob",
    baseUrl: simulator.url,
    mode: "live",
    since: new Date(Date.now() - 60_000).toISOString(),
    locations: { [id]: "main" },
    credentials: { accessToken: account.token },
    options: { channelId: account.channels[0]?.id ?? 0, movementsIntervalMs: 1_500 },
  });
  expect(connected).toBe(200);
  const running = [first.server];
  for (let nth = 1; nth <= LOSSES; nth++) {
    await simulator.control("POST", "/_sim/warehouse/lay", { item, facility, units: 1 });
    await simulator.control("POST", "/_sim/warehouse/lose", { item, facility, units: 1, noticed: true });
    if (nth % 10 !== 0) continue;
    await waitUntil(async () => (await told()).facts > 0);
    const killed = running.shift();
    killed?.signal("SIGKILL");
    await killed?.ended;
    await endLeases();
    if (nth < LOSSES) running.push((await start()).server);
  }
  await waitUntil(async () => (await told()).facts >= LOSSES);
  const { facts, events } = await told();
  expect(facts).toBe(events);
  const { rows } = await database.pool.query<{ left: number }>(
    `select -sum((body ->> 'sellable')::int)::int as left from keeper_fact
     where kind = 'adjustment' and (body ->> 'sellable')::int < 0`,
  );
  expect(rows).toEqual([{ left: LOSSES }]);
});
