import type { Command } from "@onepool/core/ledger/command.ts";
import { fastify } from "fastify";
import { afterAll, afterEach, beforeAll } from "vitest";

import { addKey } from "../auth/api-key-store.ts";
import { authentication } from "../auth/authenticate.ts";
import { createSeller } from "../ledger/create-seller.ts";
import { openLedger, type Ledger } from "../ledger/ledger.ts";
import { LiveHub } from "../live/live-hub.ts";
import { liveMetrics } from "../live/live-metrics.ts";
import { streamRoute } from "../live/stream-route.ts";
import { createLog, type Log } from "../log/log.ts";
import { createMetrics, type Metrics } from "../metrics/metrics.ts";
import { openEventStream, type EventStream, type StreamedEvent } from "./event-stream.ts";
import { lentClients } from "./lent-clients.ts";
import type { TestDatabase } from "./test-database.ts";
import { waitUntil } from "./wait-until.ts";

const clock = { now: () => Date.now() };
const log = createLog({ level: "silent" });

/** What tests do with it. The first seller's id and key, and the address, are known once the tests run. */
export interface StreamServer {
  readonly base: string;
  readonly sellerId: number;
  readonly key: string;
  readonly hub: LiveHub;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: { now(): number };
  /** Opens a stream that ends with the test. */
  open(options?: { id?: string; key?: string; query?: string }): Promise<EventStream>;
  /** The sequence numbers of commands that were all taken. */
  submit(commands: readonly Command[], sellerId?: number): Promise<number[]>;
  /** Another seller, with a key that reads. */
  addSeller(code: string): Promise<{ sellerId: number; key: string }>;
  /** As the observation log's writer does it. */
  observe(cursor: number, body: object): Promise<void>;
}

/**
 * A ledger with one seller and the stream over it, on a port of its own, for the tests of a file. To be called at its
 * top. The hub's poll is off: what arrives, arrives by the notices.
 */
export function streamServer(database: TestDatabase): StreamServer {
  const livePool = database.openPool({ max: 4 });
  const ledgerPool = database.openPool({ max: 2, pipeline: true });
  const ledger = openLedger({ pool: ledgerPool, clock, log });
  const hub = new LiveHub({ pool: livePool, log, pollMs: 3_600_000 });
  ledger.onCommit((notice) => hub.wake(notice.sellerId));
  const metrics = createMetrics();
  const app = fastify();
  const streams: EventStream[] = [];
  const server: StreamServer = {
    base: "",
    sellerId: 0,
    key: "",
    hub,
    metrics,
    log,
    clock,
    async open(options = {}) {
      const headers: Record<string, string> = { authorization: `Bearer ${options.key ?? server.key}` };
      if (options.id !== undefined) headers["last-event-id"] = options.id;
      const stream = await openEventStream(`${server.base}/v1/stream${options.query ?? ""}`, headers);
      streams.push(stream);
      return stream;
    },
    submit: (commands, sellerId = server.sellerId) => submitTo(ledger, sellerId, commands),
    async addSeller(code) {
      const { sellerId } = await createSeller(ledgerPool, { code, name: code, timeZone: "UTC" });
      const { key } = await addKey(database.pool, { sellerId, role: "read", label: "" });
      return { sellerId, key };
    },
    async observe(cursor, body) {
      await database.pool.query("update observation_head set cursor = $2 where seller_id = $1", [
        server.sellerId,
        cursor,
      ]);
      await database.pool.query(
        `insert into observation (seller_id, cursor, connection, external_id, kind, recorded_at, body)
         values ($1, $2, 'meli-mx', 'MLM1', 'confirmed', now(), $3)`,
        [server.sellerId, cursor, JSON.stringify(body)],
      );
    },
  };
  beforeAll(async () => {
    Object.assign(server, await server.addSeller("first"));
    await app.register(
      authentication({
        pool: database.pool,
        clock,
        log,
        host: "",
        publicUrl: undefined,
        secretKey: "s".repeat(32),
      }),
    );
    const options = { hub, log, metrics: liveMetrics(metrics), heartbeatMs: 30, recheckMs: 30, stallMs: 300 };
    await app.register(streamRoute(options));
    Object.assign(server, { base: await app.listen({ port: 0 }) });
  });
  afterEach(async () => {
    for (const stream of streams.splice(0)) stream.close();
    // What the hub was reading for them comes to its end.
    await waitUntil(() => lentClients([database.pool, livePool, ledgerPool]) === 0);
  });
  afterAll(async () => {
    await app.close();
    await ledger.close();
  });
  return server;
}

async function submitTo(ledger: Ledger, sellerId: number, commands: readonly Command[]): Promise<number[]> {
  const answer = await ledger.submit({ sellerId, commands });
  if (answer.kind !== "done") throw new Error(answer.kind);
  return answer.results.map((result) => {
    if (!result.ok) throw new Error(JSON.stringify(result.rejection));
    return result.seq;
  });
}

let receipts = 0;

/** Units that arrive at a location. */
export function receipt(sku: string, units: number, location = "main"): Command {
  receipts += 1;
  const occurredAt = clock.now();
  return {
    kind: "movement",
    movement: "receipt",
    sku,
    location,
    units,
    externalId: `R-${receipts}`,
    occurredAt,
  };
}

/** An order of one line. */
export function order(
  orderId: string,
  sku: string,
  quantity: number,
  status: "paid" | "cancelled" = "paid",
): Command {
  const lines = [{ lineId: "1", sku, quantity }];
  return {
    kind: "order",
    source: "api",
    order: { channel: "web", orderId, status, updatedAt: clock.now(), lines },
  };
}

/** A SKU, or an attribute of one. */
export function putSku(sku: string, attributes: Record<string, number> = {}): Command {
  return { kind: "put_sku", sku, attributes };
}

export const isLedger = (event: StreamedEvent): boolean => event.event === "ledger";
export const isPosition = (event: StreamedEvent): boolean => event.event === "position";

/** The ledger event with which an entry was told. */
export function through(seq: number): (event: StreamedEvent) => boolean {
  return (event) => isLedger(event) && Number(event.data.seq) >= seq;
}

/** The entries that were told, in order. */
export function seqsOf(events: readonly StreamedEvent[]): number[] {
  return events
    .filter(isLedger)
    .flatMap((event) => (event.data.entries as { seq: number }[]).map(({ seq }) => seq));
}

/** The whole numbers between two, both included. */
export function fromTo(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
