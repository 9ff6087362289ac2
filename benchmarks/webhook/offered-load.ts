import { setTimeout as delay } from "node:timers/promises";

import { KeepAliveConnection } from "../http/keep-alive-connection.ts";

/** What is sent, and how often. */
export interface Offer {
  readonly port: number;
  readonly perSecond: number;
  readonly forMs: number;
  /** The whole request; asked for at the moment it is due. */
  nextRequest(dueAt: number): string;
}

/** More than this are not under way at once; what is due then waits, and its wait counts. */
const CONNECTIONS_MAX = 256;

/** How often what is due is sent, in milliseconds. */
const TICK_MS = 1;

/**
 * Sends at a rate, whether or not what was sent before is answered. Answers the milliseconds from when each request was due to its answer, so
 * that a server that falls behind cannot hide it by being asked less. Throws on an answer that is not 200.
 */
export async function offer(load: Offer): Promise<readonly number[]> {
  const senders = new Senders(load);
  const total = Math.round((load.perSecond * load.forMs) / 1000);
  const begunAt = performance.now();
  try {
    for (let scheduled = 0; scheduled < total && senders.failure === null; await delay(TICK_MS)) {
      // The first is due at once: the k-th waits for k times the interval, no longer.
      const dueByNow = Math.min(
        total,
        Math.floor(((performance.now() - begunAt) * load.perSecond) / 1000) + 1,
      );
      for (; scheduled < dueByNow; scheduled++) senders.send(begunAt + (scheduled * 1000) / load.perSecond);
    }
    await senders.idle();
    if (senders.failure !== null) throw senders.failure;
    return senders.latencies;
  } finally {
    senders.close();
  }
}

class Senders {
  readonly latencies: number[] = [];
  failure: Error | null = null;
  private readonly load: Offer;
  private readonly connections: KeepAliveConnection[] = [];
  private readonly free: KeepAliveConnection[] = [];
  /** When each request that waits for a connection was due. */
  private readonly due: number[] = [];
  private readonly working = new Set<Promise<void>>();

  constructor(load: Offer) {
    this.load = load;
  }

  send(dueAt: number): void {
    this.due.push(dueAt);
    const connection = this.free.pop();
    if (connection === undefined && this.working.size >= CONNECTIONS_MAX) return;
    const work = this.work(connection)
      .catch((error: unknown) => {
        this.failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.working.delete(work));
    this.working.add(work);
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.working.size > 0) await Promise.all(this.working);
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }

  /** Sends what is due, one after the other, until nothing is. */
  private async work(given: KeepAliveConnection | undefined): Promise<void> {
    const connection = given ?? (await this.open());
    for (let dueAt = this.due.shift(); dueAt !== undefined; dueAt = this.due.shift()) {
      const { status, body } = await connection.send(this.load.nextRequest(dueAt));
      if (status !== 200) throw new Error(`answered ${status}: ${body}`);
      this.latencies.push(performance.now() - dueAt);
    }
    this.free.push(connection);
  }

  private async open(): Promise<KeepAliveConnection> {
    const connection = await KeepAliveConnection.open(this.load.port);
    this.connections.push(connection);
    return connection;
  }
}
