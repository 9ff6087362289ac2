// 10,000 concurrent requests for 500 units, in ones, twos and kits, through two server processes on one database: exactly what
// fits is granted. Usage: node scenarios/requests/sell-out.ts [requests=10000] [units=500]
import { rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startTestCluster } from "@onepool/server/testing/test-cluster.ts";

import { onepoolClient, type OnepoolClient } from "../harness/onepool-client.ts";
import { startServerProcess, type ServerProcess } from "../harness/server-process.ts";

export interface SellOutReport {
  readonly requests: number;
  readonly granted: number;
  readonly grantedUnits: number;
  readonly refused: number;
  readonly failed: number;
  readonly availableAfter: number;
  readonly reservedAfter: number;
  readonly strapsGranted: number;
  readonly strapsReserved: number;
}

const KEY = `opk_${"s".repeat(32)}`;

/** A request takes one brace, two, or a kit of two braces and a strap. */
const ASKS = [
  { lines: [{ sku: "KB-M", units: 1 }], braces: 1, straps: 0 },
  { lines: [{ sku: "KB-M", units: 2 }], braces: 2, straps: 0 },
  { lines: [{ connection: "web", listing: "KIT", units: 1 }], braces: 2, straps: 1 },
] as const;

/** Sells out and reports what was granted. */
export async function sellOut(requests: number, units: number): Promise<SellOutReport> {
  const folder = await mkdtemp(join(tmpdir(), "onepool-sell-out-"));
  const postgres = await startTestCluster();
  const servers: ServerProcess[] = [];
  try {
    for (const name of ["one", "two"]) {
      servers.push(
        await startServerProcess({
          dataFolder: join(folder, name),
          key: KEY,
          environment: { DATABASE_URL: postgres.url, ONEPOOL_SECRET_KEY: "0".repeat(64) },
        }),
      );
    }
    const [first] = servers as [ServerProcess, ServerProcess];
    const client = onepoolClient(first.url, KEY);
    await stockUp(client, units);
    const answers = await Promise.all(
      Array.from({ length: requests }, (_, index) => ask(servers[index % 2] as ServerProcess, index)),
    );
    return await reportOf(client, answers);
  } finally {
    for (const server of servers) await server.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function stockUp(client: OnepoolClient, units: number): Promise<void> {
  for (const sku of ["KB-M", "STRAP"]) await client.put(`/v1/skus/${sku}`, {});
  await client.put("/v1/connections/web", { kind: "api", mode: "live" });
  await client.put("/v1/listings/web/KIT", {
    components: [
      { sku: "KB-M", units: 2 },
      { sku: "STRAP", units: 1 },
    ],
  });
  const receipt = (sku: string) => ({
    kind: "receipt",
    sku,
    location: "main",
    units,
    externalId: `open/${sku}`,
  });
  await client.post("/v1/movements", { movements: [receipt("KB-M"), receipt("STRAP")] });
}

interface Answer {
  readonly index: number;
  readonly status: number;
}

async function reportOf(client: OnepoolClient, answers: readonly Answer[]): Promise<SellOutReport> {
  const braces = await client.get("/v1/skus/KB-M/availability");
  const straps = await client.get("/v1/skus/STRAP/availability");
  const granted = answers.filter(({ status }) => status === 201);
  const total = (of: "braces" | "straps"): number =>
    granted.reduce((sum, { index }) => sum + askOf(index)[of], 0);
  return {
    requests: answers.length,
    granted: granted.length,
    grantedUnits: total("braces"),
    refused: answers.filter(({ status }) => status === 409).length,
    failed: answers.filter(({ status }) => status !== 201 && status !== 409).length,
    availableAfter: Number(braces["available"]),
    reservedAfter: Number(braces["reserved"]),
    strapsGranted: total("straps"),
    strapsReserved: Number(straps["reserved"]),
  };
}

function askOf(index: number): (typeof ASKS)[number] {
  return ASKS[index % ASKS.length] ?? ASKS[0];
}

/** Asks until it is answered: a full queue (503) is answered later, never refused. */
async function ask(server: ServerProcess, index: number): Promise<Answer> {
  for (;;) {
    const answer = await fetch(`${server.url}/v1/reservations`, {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ reservationId: `cart-${index}`, lines: askOf(index).lines, ttlSeconds: 3600 }),
    });
    await answer.arrayBuffer();
    if (answer.status !== 503) return { index, status: answer.status };
    await new Promise((resolve) =>
      setTimeout(resolve, 1000 * Number(answer.headers.get("retry-after") ?? "1")),
    );
  }
}

if (import.meta.main) {
  const report = await sellOut(Number(process.argv[2] ?? "10000"), Number(process.argv[3] ?? "500"));
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = report.grantedUnits === Number(process.argv[3] ?? "500") && report.failed === 0 ? 0 : 1;
}
