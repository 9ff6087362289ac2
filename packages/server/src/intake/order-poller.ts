import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { ChangedOrdersPage, Connector } from "@onepool/connectors/contract/connector.ts";
import { failed, type Outcome, succeeded } from "@onepool/connectors/contract/outcome.ts";
import { backoffMs } from "@onepool/core/intake/backoff.ts";
import { halves, pollWindows, type PollWindow } from "@onepool/core/intake/poll-windows.ts";
import type pg from "pg";

import type { ConnectionRegistry, OpenConnection } from "../connections/connection-registry.ts";
import { claimAccount, hasAccount } from "../connections/connection-store.ts";
import { Pulse } from "../connections/pulse.ts";
import type { Log } from "../log/log.ts";
import { storeFoundOrders, unreadOrders } from "./inbox-store.ts";
import type { IntakeMetrics } from "./intake-metrics.ts";
import {
  askForPoll,
  coverConnections,
  type DuePoll,
  failPoll,
  finishPoll,
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
    const { pool, registry, clock, log, metrics } = this.options;
    const connection = await registry.open(poll.sellerId, poll.connection);
    if (connection === null) return;
    const startedAt = clock.now();
    const found = connection.connector.ok
      ? await this.list(poll, connection, connection.connector.value)
      : connection.connector;
    const now = clock.now();
    if (!found.ok) {
      const { kind, message } = found.error;
      const waitMs = Math.max(
        found.error.retryAfterMs ?? 0,
        backoffMs(poll.attempts + 1, Math.random(), BACKOFF),
      );
      await failPoll(pool, poll, { dueAt: now + waitMs, error: { kind, message } });
      log.warn(
        { stage: "intake", seller: poll.sellerId, connection: poll.connection, reason: message },
        "orders could not be listed",
      );
      metrics.polled("failed", 0);
      return;
    }
    const { news, changedThrough } = found.value;
    const dueAt = now + (this.options.intervalMs ?? connection.capability.orderPollIntervalMs);
    await finishPoll(pool, poll, { startedAt, changedThrough, dueAt });
    metrics.polled("complete", news);
    if (news > 0) this.options.onFound();
    this.options.onComplete(poll.sellerId, poll.connection);
  }

  private async list(
    poll: DuePoll,
    connection: OpenConnection,
    connector: Connector,
  ): Promise<Outcome<Listed>> {
    const known = await this.knowAccount(connection, connector);
    if (!known.ok) return known;
    const total = { news: 0, changedThrough: poll.changedThrough };
    const windows = pollWindows(poll.changedThrough, this.options.clock.now());
    for (let window = windows.shift(); window !== undefined; window = windows.shift()) {
      const listed = await this.listWindow(connection, connector, window);
      if (!listed.ok) return listed;
      const shorter = listed.value.isTruncated ? halves(window, this.options.clock.now()) : null;
      windows.unshift(...(shorter ?? []));
      total.news += listed.value.news;
      total.changedThrough = Math.max(total.changedThrough, listed.value.changedThrough);
    }
    return succeeded(total);
  }

  private async listWindow(
    connection: OpenConnection,
    connector: Connector,
    window: PollWindow,
  ): Promise<Outcome<Listed & { readonly isTruncated: boolean }>> {
    const listed = { news: 0, changedThrough: 0, isTruncated: false };
    for (let page: string | null = ""; page !== null;) {
      // Listing goes on without tokens, since it is what finds lost sales.
      connection.budgets.take("orderLists", 1);
      const answer: Outcome<ChangedOrdersPage> = await connector.listChangedOrders({
        ...window,
        ...(page === "" ? {} : { page }),
      });
      if (!answer.ok) {
        if (answer.error.kind === "throttled")
          connection.budgets.throttled("orderLists", answer.error.retryAfterMs);
        return answer;
      }
      const { orders, nextPage, isTruncated } = answer.value;
      listed.isTruncated = isTruncated;
      listed.news += await this.storeNews(connection, orders);
      listed.changedThrough = Math.max(listed.changedThrough, ...orders.map(({ updatedAt }) => updatedAt));
      page = nextPage;
    }
    return succeeded(listed);
  }

  private async storeNews(connection: OpenConnection, orders: ChangedOrdersPage["orders"]): Promise<number> {
    if (orders.length === 0) return 0;
    const { pool, clock } = this.options;
    const noticed = orders.map((order) => ({ ...order, ...connection.kind.noticeOfOrder(order.orderId) }));
    const topic = noticed[0]?.topic ?? "";
    const news = await unreadOrders(pool, connection.row, topic, noticed);
    return news.length === 0 ? 0 : storeFoundOrders(pool, connection.row, news, clock.now());
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

interface Listed {
  /** Orders that were news. */
  readonly news: number;
  /** The channel's time of the newest change listed. */
  readonly changedThrough: number;
}

function accountTaken({ row, capability }: OpenConnection, accountId: string): ConnectorError {
  const message = `The account ${accountId} of ${capability.title} is connected elsewhere already: ${row.code} would count its sales twice.`;
  return { kind: "auth", code: "account_taken", message };
}
