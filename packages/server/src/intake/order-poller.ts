import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { Connector } from "@onepool/connectors/contract/connector.ts";
import { failed, type Outcome, succeeded } from "@onepool/connectors/contract/outcome.ts";
import { backoffMs } from "@onepool/core/intake/backoff.ts";
import type pg from "pg";

import type { ConnectionRegistry, OpenConnection } from "../connections/connection-registry.ts";
import { claimAccount, hasAccount } from "../connections/connection-store.ts";
import { Pulse } from "../connections/pulse.ts";
import type { Log } from "../log/log.ts";
import type { IntakeMetrics } from "./intake-metrics.ts";
import { listOrders, type Listing } from "./list-orders.ts";
import {
  askForPoll,
  coverConnections,
  type DuePoll,
  failPoll,
  finishPoll,
  suspendPoll,
  takeDuePolls,
} from "./order-poll-store.ts";

export interface OrderPollerOptions {
  readonly pool: pg.Pool;
  readonly registry: ConnectionRegistry;
  readonly metrics: IntakeMetrics;
  readonly clock: { now(): number };
  readonly log: Log;
  /** In place of the channels' own interval, in milliseconds. */
  readonly intervalMs?: number;
  /** Orders were put into the inbox. */
  onFound(): void;
  /** Every order of this connection up to now is in the inbox. */
  onComplete(sellerId: number, connection: string): void;
}

const IDLE_MS = 1_000;

/** Polls taken by one process at a time: one slow channel must not hold up the others for long. */
const AT_ONCE = 4;

/** A poll that nobody finished comes up again after this, in milliseconds. */
const LOST_AFTER_MS = 120_000;

const BACKOFF = { firstMs: 2_000, longestMs: 300_000 };

/** The net under the notifications: lists orders that changed, and puts those that are news into the inbox. */
export class OrderPoller {
  private readonly options: OrderPollerOptions;
  private readonly pulse: Pulse;

  constructor(options: OrderPollerOptions) {
    this.options = options;
    const { log } = options;
    this.pulse = new Pulse({
      name: "order poll",
      stage: "intake",
      log,
      idleMs: IDLE_MS,
      work: () => this.pollDue(),
    });
    this.pulse.wake();
  }

  /** Polls a connection now; one that fails keeps its pace, unless it was changed meanwhile. */
  ask(sellerId: number, connection: string, how: { readonly isChanged: boolean }): void {
    const { pool, clock, log } = this.options;
    askForPoll(pool, { sellerId, connection }, { now: clock.now(), ...how }).then(
      () => this.pulse.wake(),
      (error: unknown) => {
        log.warn(
          { stage: "intake", seller: sellerId, connection, err: error },
          "a poll could not be asked for",
        );
      },
    );
  }

  async close(): Promise<void> {
    await this.pulse.close();
  }

  private async pollDue(): Promise<number | void> {
    const { pool, registry, clock } = this.options;
    const now = clock.now();
    await coverConnections(pool, [...registry.kinds.keys()], now);
    const due = await takeDuePolls(pool, { now, nextDueAt: now + LOST_AFTER_MS, limit: AT_ONCE });
    await Promise.all(due.map((poll) => this.poll(poll)));
    return due.length === AT_ONCE ? 0 : IDLE_MS;
  }

  private async poll(poll: DuePoll): Promise<void> {
    const { registry, metrics } = this.options;
    const connection = await registry.open(poll.sellerId, poll.connection);
    if (connection === null) return;
    const listing = await this.list(poll, connection);
    if (listing.news > 0) this.options.onFound();
    if (listing.kind === "failed") await this.fail(poll, listing);
    else if (listing.kind === "waits") await this.suspend(poll, listing);
    else await this.finish(poll, connection, listing);
    metrics.polled(listing.kind, listing.news);
  }

  private async list(poll: DuePoll, connection: OpenConnection): Promise<Listing> {
    const { connector } = connection;
    const known = connector.ok ? await this.knowAccount(connection, connector.value) : connector;
    if (known.ok && connector.ok) return listOrders(this.options, poll, connection, connector.value);
    const error = known.ok ? null : known.error;
    if (error === null) throw new Error("a connection that knows its account has a connector");
    return { kind: "failed", news: 0, error, progress: poll.progress };
  }

  private async finish(
    poll: DuePoll,
    { capability }: OpenConnection,
    listing: Listing & { readonly kind: "complete" },
  ): Promise<void> {
    const { pool, clock, intervalMs } = this.options;
    const dueAt = clock.now() + (intervalMs ?? capability.orderPollIntervalMs);
    await finishPoll(pool, poll, { ...listing, dueAt });
    this.options.onComplete(poll.sellerId, poll.connection);
  }

  private async suspend(poll: DuePoll, listing: Listing & { readonly kind: "waits" }): Promise<void> {
    const { pool, clock } = this.options;
    const { waitMs, progress } = listing;
    await suspendPoll(pool, poll, { dueAt: clock.now() + waitMs, progress });
    if (waitMs === 0) this.pulse.wake();
  }

  private async fail(poll: DuePoll, listing: Listing & { readonly kind: "failed" }): Promise<void> {
    const { pool, clock, log } = this.options;
    const { error, progress } = listing;
    const { kind, message, code, retryAfterMs = 0 } = error;
    const now = clock.now();
    const waitMs = Math.max(retryAfterMs, backoffMs(poll.attempts + 1, Math.random(), BACKOFF));
    await failPoll(pool, poll, {
      now,
      dueAt: now + waitMs,
      error: { kind, message, code: code ?? null },
      progress,
    });
    log.warn(
      { stage: "intake", seller: poll.sellerId, connection: poll.connection, reason: message },
      "orders could not be listed",
    );
  }

  /** Notifications find their connection by the account they name, so it has to be known before the first one comes. */
  private async knowAccount(connection: OpenConnection, connector: Connector): Promise<Outcome<null>> {
    const { pool } = this.options;
    if (await hasAccount(pool, connection.row)) return succeeded(null);
    const accountId = await connector.readAccountId();
    if (!accountId.ok) return accountId;
    const claimed = await claimAccount(pool, connection.row, accountId.value);
    return claimed === "ours" ? succeeded(null) : failed(accountTaken(connection, accountId.value));
  }
}

function accountTaken({ row, capability }: OpenConnection, accountId: string): ConnectorError {
  const message = `The account ${accountId} of ${capability.title} is connected elsewhere already: ${row.code} would count its sales twice.`;
  return { kind: "auth", code: "account_taken", message };
}
