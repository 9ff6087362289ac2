import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import type { QueueAddress } from "@onepool/connectors/contract/queue-address.ts";
import type pg from "pg";

import type { ConnectionRegistry } from "../connections/connection-registry.ts";
import { Pulse } from "../connections/pulse.ts";
import type { Log } from "../log/log.ts";
import type { IntakeMetrics } from "./intake-metrics.ts";
import type { ConnectionKey } from "./notice-store.ts";
import { openQueue } from "./queue-client.ts";
import { QueueReader } from "./queue-reader.ts";

export interface QueueReadersOptions {
  readonly pool: pg.Pool;
  readonly registry: ConnectionRegistry;
  readonly clock: { now(): number };
  readonly metrics: IntakeMetrics;
  readonly log: Log;
  /** Something is in the inbox. */
  onStored(): void;
}

/** Connections are looked through for queues this often, in milliseconds. */
const LOOK_MS = 5_000;

/** A connection that names a queue, as of one state of its row. */
interface Naming extends ConnectionKey {
  readonly updatedSeq: number;
  readonly kind: ConnectorKind;
  readonly address: QueueAddress | null;
}

interface OpenQueue {
  readonly reader: QueueReader;
  connections: readonly ConnectionKey[];
}

/** One reader for each queue that connections name, with the credentials that they give for it. */
export class QueueReaders {
  private readonly options: QueueReadersOptions;
  private readonly pulse: Pulse;
  private readonly namings = new Map<string, Naming>();
  private readonly queues = new Map<string, OpenQueue>();

  constructor(options: QueueReadersOptions) {
    this.options = options;
    const { log } = options;
    this.pulse = new Pulse({
      name: "queues",
      stage: "intake",
      log,
      idleMs: LOOK_MS,
      work: () => this.look(),
    });
    this.pulse.wake();
  }

  wake(): void {
    this.pulse.wake();
  }

  async close(): Promise<void> {
    await this.pulse.close();
    await Promise.all([...this.queues.values()].map(({ reader }) => reader.close()));
  }

  private async look(): Promise<void> {
    await this.readNamings();
    const named = Map.groupBy(
      [...this.namings.values()].filter(({ address }) => address !== null),
      ({ kind, address }) => JSON.stringify([kind.capability.kind, address]),
    );
    for (const [key, { reader }] of this.queues) {
      if (named.has(key)) continue;
      this.queues.delete(key);
      await reader.close();
    }
    for (const [key, namings] of named) this.open(key, namings);
  }

  private open(key: string, namings: readonly Naming[]): void {
    const known = this.queues.get(key);
    if (known !== undefined) {
      known.connections = namings;
      return;
    }
    const [first] = namings;
    if (first === undefined || first.address === null) return;
    const { pool, clock, metrics, log } = this.options;
    const reader = new QueueReader({
      pool,
      clock,
      metrics,
      log,
      onStored: () => this.options.onStored(),
      kind: first.kind,
      queueUrl: first.address.queueUrl,
      client: openQueue(first.address),
      connections: () => this.queues.get(key)?.connections ?? namings,
    });
    this.queues.set(key, { reader, connections: namings });
  }

  /** Opens only connections that changed: there may be thousands. */
  private async readNamings(): Promise<void> {
    const { pool, registry, log } = this.options;
    const kinds = [...registry.kinds.values()].filter((kind) => kind.queueOf !== undefined);
    const { rows } = await pool.query<{ sellerId: number; code: string; updatedSeq: number }>({
      name: "intake_connections_with_queues",
      text: `select seller_id as "sellerId", code, updated_seq as "updatedSeq" from connection where kind = any($1)`,
      values: [kinds.map(({ capability }) => capability.kind)],
    });
    const keys = new Set(rows.map(keyOf));
    for (const key of this.namings.keys()) if (!keys.has(key)) this.namings.delete(key);
    for (const row of rows) {
      if (this.namings.get(keyOf(row))?.updatedSeq === row.updatedSeq) continue;
      const connection = await registry.open(row.sellerId, row.code);
      if (connection === null) continue;
      const { queue, kind } = connection;
      if (!queue.ok)
        log.warn(
          { stage: "intake", seller: row.sellerId, connection: row.code, reason: queue.error.message },
          "a queue cannot be opened",
        );
      const { updatedSeq } = connection.row;
      this.namings.set(keyOf(row), { ...row, updatedSeq, kind, address: queue.ok ? queue.value : null });
    }
  }
}

function keyOf({ sellerId, code }: ConnectionKey): string {
  return `${sellerId} ${code}`;
}
