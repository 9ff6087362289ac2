import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { ChangedOrdersPage, Connector } from "@onepool/connectors/contract/connector.ts";
import { halves, type PollShape, type PollWindow, pollWindows } from "@onepool/core/intake/poll-windows.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { OpenConnection } from "../connections/connection-registry.ts";
import { storeFoundOrders, unreadOrders } from "./found-order-store.ts";
import { noteListed } from "./listed-order-store.ts";
import type { DuePoll, PollProgress } from "./order-poll-store.ts";

/** What listing came to. News: orders that were put into the inbox. */
export type Listing =
  | {
      readonly kind: "complete";
      readonly news: number;
      readonly startedAt: number;
      readonly completeAt: number;
      readonly changedThrough: number;
    }
  /** It goes on where it is after `waitMs`. */
  | {
      readonly kind: "waits";
      readonly news: number;
      readonly waitMs: number;
      readonly progress: PollProgress;
    }
  | {
      readonly kind: "failed";
      readonly news: number;
      readonly error: ConnectorError;
      readonly progress: PollProgress | null;
    };

export interface ListOrdersParts {
  readonly pool: pg.Pool;
  readonly clock: { now(): number };
}

/** A poll under way for so long keeps what it has and goes on in the next turn, in milliseconds. */
const TURN_MS = 30_000;

/** Page tokens live a day at most (Amazon: 24 hours): an older poll begins anew. In milliseconds. */
const PROGRESS_KEPT_MS = 20 * 3_600_000;

const SHORTEST_PIECE_MS = 6 * 3_600_000;

/** A piece is at least as long as so many calls of its budget take: catching up must not be spent on empty pieces. */
const PIECE_CALLS = 2_000;

/** Lists orders that changed, and puts those that are news into the inbox, until it is through or has to wait. */
export async function listOrders(
  parts: ListOrdersParts,
  poll: DuePoll,
  connection: OpenConnection,
  connector: Connector,
): Promise<Listing> {
  const { clock } = parts;
  const turnEndsAt = clock.now() + TURN_MS;
  let news = 0;
  let progress = begin(poll, connection, clock.now());
  for (let [window] = progress.windows; window !== undefined; [window] = progress.windows) {
    if (clock.now() > turnEndsAt) return { kind: "waits", news, waitMs: 0, progress };
    const { taken, waitMs } = connection.budgets.take("orderLists", 1);
    if (taken === 0) return { kind: "waits", news, waitMs, progress };
    const askedAt = clock.now();
    const { page } = progress;
    const answer = await connector.listChangedOrders({ ...window, ...(page === null ? {} : { page }) });
    if (!answer.ok) return { ...interrupted(connection, answer.error, progress), news };
    connection.budgets.worked("orderLists");
    news += await storeNews(parts, connection, answer.value.orders, progress.startedAt);
    progress = advanced(progress, connection, { window, page: answer.value, askedAt, now: clock.now() });
  }
  const { changedThrough, listedThrough, knownThrough, lastBegunAt, startedAt } = progress;
  const takenUpTo = (lastBegunAt ?? startedAt) - connection.capability.orderListLagMs;
  return {
    kind: "complete",
    news,
    startedAt,
    completeAt: Math.min(takenUpTo, knownThrough ?? listedThrough ?? Infinity),
    changedThrough: listedThrough ?? changedThrough,
  };
}

function begin({ progress, changedThrough }: DuePoll, connection: OpenConnection, now: number): PollProgress {
  if (progress !== null && now - progress.startedAt < PROGRESS_KEPT_MS) return progress;
  return {
    startedAt: now,
    windows: pollWindows(changedThrough, now, shapeOf(connection)),
    page: null,
    lastBegunAt: null,
    changedThrough,
    listedThrough: null,
    knownThrough: null,
  };
}

function shapeOf({ capability }: OpenConnection): PollShape {
  const { orderPollOverlapMs: overlapMs, orderListLagMs: lagMs, limits } = capability;
  const pieceMs = Math.max(SHORTEST_PIECE_MS, (PIECE_CALLS * 60_000) / limits.orderLists.perMinute);
  return { overlapMs, lagMs, pieceMs };
}

function interrupted(
  { budgets }: OpenConnection,
  error: ConnectorError,
  progress: PollProgress,
):
  | { readonly kind: "waits"; readonly waitMs: number; readonly progress: PollProgress }
  | { readonly kind: "failed"; readonly error: ConnectorError; readonly progress: PollProgress | null } {
  if (error.kind === "throttled") {
    budgets.throttled("orderLists", error.retryAfterMs);
    return { kind: "waits", waitMs: budgets.take("orderLists", 0).waitMs, progress };
  }
  // Refused in the middle, its page token is the suspect: from the beginning then.
  const isLost = error.kind === "rejected" || error.kind === "bug" || error.kind === "not_found";
  return { kind: "failed", error, progress: isLost ? null : progress };
}

function advanced(
  progress: PollProgress,
  connection: OpenConnection,
  got: {
    readonly window: PollWindow;
    readonly page: ChangedOrdersPage;
    readonly askedAt: number;
    readonly now: number;
  },
): PollProgress {
  const { window, page, askedAt, now } = got;
  const { orders, nextPage, isTruncated, listedThrough, listLagMs } = page;
  const earlier = (told: Instant | undefined, before: Instant | null): Instant | null => {
    if (!isLast || told === undefined) return before;
    return Math.min(told, isFirstPage ? Infinity : (before ?? Infinity));
  };
  const isLast = window.to === undefined;
  const isFirstPage = progress.page === null;
  const rest = progress.windows.slice(1);
  const shorter = nextPage === null && isTruncated ? halves(window, now, shapeOf(connection)) : null;
  return {
    startedAt: progress.startedAt,
    windows: nextPage === null ? [...(shorter ?? []), ...rest] : progress.windows,
    page: nextPage,
    lastBegunAt: isLast && isFirstPage ? askedAt : progress.lastBegunAt,
    changedThrough: orders.reduce(
      (newest, { updatedAt }) => Math.max(newest, updatedAt),
      progress.changedThrough,
    ),
    listedThrough: earlier(listedThrough, progress.listedThrough),
    knownThrough: earlier(listLagMs === undefined ? undefined : askedAt - listLagMs, progress.knownThrough),
  };
}

async function storeNews(
  { pool, clock }: ListOrdersParts,
  connection: OpenConnection,
  orders: ChangedOrdersPage["orders"],
  startedAt: number,
): Promise<number> {
  if (orders.length === 0) return 0;
  const { kind, row, capability } = connection;
  const noticed = orders.map((order) => ({ ...order, ...kind.noticeOfOrder(order.orderId) }));
  const topic = noticed[0]?.topic ?? "";
  const now = clock.now();
  if (capability.orderNews !== "poll") {
    // After a standstill of ours, lists are full of what nobody could announce to us.
    const since = startedAt - 3 * capability.orderPollIntervalMs - capability.orderListLagMs;
    const recent = noticed.filter(({ updatedAt }) => updatedAt > since);
    await noteListed(pool, row, recent, now);
  }
  const news = await unreadOrders(pool, row, topic, noticed);
  return news.length === 0 ? 0 : storeFoundOrders(pool, row, news, now);
}
