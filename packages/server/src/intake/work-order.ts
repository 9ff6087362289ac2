// One row of the inbox that is about an order: what was told is posted at once, and read where that is not enough.
import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { OrderReading } from "@onepool/connectors/contract/connector.ts";
import type { OrderReport } from "@onepool/core/ledger/order-record.ts";
import type { Observation } from "@onepool/core/observe/observation.ts";
import type pg from "pg";

import type { OpenConnection } from "../connections/connection-registry.ts";
import { disconnectedMs } from "../connections/disconnected.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { LatencyRecorder } from "../observe/latency-recorder.ts";
import type { ObservationLog } from "../observe/observation-log.ts";
import { parseJson } from "./hooks-route.ts";
import { type ClaimedNotice, type Finish, finishNotice, notePosted, SAID_MAX } from "./inbox-store.ts";
import type { IntakeMetrics } from "./intake-metrics.ts";
import { comingBack, recordStates, takeOrder } from "./order-intake.ts";
import { isInLedger } from "./order-known-store.ts";
import { orderNews } from "./order-news.ts";
import { reportsOf } from "./reports-of.ts";
import type { UnknownReads } from "./unknown-reads.ts";

export interface WorkOrderParts {
  readonly pool: pg.Pool;
  readonly ledger: Pick<Ledger, "submit">;
  readonly observations: ObservationLog;
  readonly latency: LatencyRecorder;
  readonly metrics: IntakeMetrics;
  readonly clock: { now(): number };
  readonly unknownReads: UnknownReads;
  /** How long calls of this connection are to wait, in milliseconds; 0: they may go out. */
  pauseMs(sellerId: number, connection: string): number;
}

/** What became of a row; all but `done` have to be given back. */
export type WorkResult =
  | { readonly kind: "done" }
  /** Nothing of this connection is to be called for a while: whatever is next would only be told the same. */
  | { readonly kind: "pause"; readonly waitMs: number; readonly message: string }
  /** This row alone waits, and nothing is wrong with it. */
  | { readonly kind: "wait"; readonly waitMs: number; readonly message: string }
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly isOurs: boolean;
      readonly retryAfterMs?: number;
    };

const DONE = { kind: "done" } as const;

/** What is not listed by a poll and not found in so many attempts (about a minute) was no order, or will be listed. */
const UNKNOWN_ATTEMPTS = 6;
const UNKNOWN_REST_MS = 10 * 60_000;

/** From the fourth reading in a row that told nothing new, notifications wait: 1, 2, 4 … 60 seconds. */
const IDLE_READS_FREE = 3;
const LONGEST_REST_MS = 60_000;

export async function workOrder(
  parts: WorkOrderParts,
  notice: ClaimedNotice,
  connection: OpenConnection,
  orderId: string,
): Promise<WorkResult> {
  const posted = await postSaid(parts, notice, connection, orderId);
  if (posted.kind === "wait") return posted;
  if (notice.said.length === SAID_MAX) return { kind: "wait", waitMs: 0, message: "more was told" };
  const isEnough = posted.kind !== "refused" && !notice.needsRead;
  if (!isEnough || isWorthReading(notice, connection)) {
    const read = await readOrder(parts, notice, connection, { orderId, isTimed: posted.kind === "posted" });
    if (!isEnough || read.kind === "done") return read;
  }
  await finishNotice(parts.pool, notice, finishOf(parts, { readAgainAt: posted.readAgainAt }));
  parts.metrics.read("order");
  return DONE;
}

/** An order that was only told of is read as well while calls abound: the state it tells may say more. */
function isWorthReading(notice: ClaimedNotice, { budgets, connector }: OpenConnection): boolean {
  return !notice.isKnown && !notice.isFound && connector.ok && budgets.abounds("orders");
}

type Posting =
  | { readonly kind: "nothing" | "posted" | "refused"; readonly readAgainAt: number | null }
  | (WorkResult & { readonly kind: "wait" });

/** Tells the ledger what notifications or a list told of the order. */
async function postSaid(
  parts: WorkOrderParts,
  notice: ClaimedNotice,
  connection: OpenConnection,
  orderId: string,
): Promise<Posting> {
  const { clock, observations, latency } = parts;
  const told: Told[] = [];
  for (const { body } of notice.said) told.push(...(await toldBy(parts.pool, connection, body)));
  const reports = told.flatMap((one) => one.reports);
  const recorded = reports.length === 0 ? null : await recordStates(parts, connection, reports);
  if (recorded?.kind === "later") return { kind: "wait", waitMs: recorded.waitMs, message: recorded.message };
  if (notice.said.length === 0) return { kind: "nothing", readAgainAt: null };
  const now = clock.now();
  const isUnmapped = recorded?.kind === "recorded" && recorded.isUnmapped;
  const again = told.flatMap(({ listed }) =>
    listed === null ? [] : (comingBack(listed, isUnmapped, now).readAgainAfterMs ?? []),
  );
  const readAgainAt = again.length === 0 ? null : now + Math.min(...again);
  await observations.record(notice.sellerId, async (client) => {
    await notePosted(client, notice, now);
    if (recorded?.kind !== "recorded") return [];
    const { seq } = recorded;
    return [orderNews({ notice, connection, orderId, seq, latency, now, isTimed: false })];
  });
  // What the ledger does not take, or nobody understands any more, is a reason to look at the order itself.
  return { kind: recorded?.kind === "recorded" ? "posted" : "refused", readAgainAt };
}

interface Told {
  readonly reports: readonly OrderReport[];
  /** The reading that a list told; null for a notification. */
  readonly listed: OrderReading | null;
}

/** Notifications are read anew, since we may understand more by now than when they came, or nothing any more. */
async function toldBy(pool: pg.Pool, { kind, row }: OpenConnection, body: unknown): Promise<Told[]> {
  if (typeof body !== "string") {
    const listed = body as OrderReading;
    return [{ reports: await reportsOf(pool, row, listed), listed }];
  }
  const reading = kind.readNotification(parseJson(body));
  if (reading.kind !== "notice" || reading.says === undefined) return [];
  return [{ reports: [{ ...reading.says.report, channel: row.code }], listed: null }];
}

async function readOrder(
  parts: WorkOrderParts,
  notice: ClaimedNotice,
  connection: OpenConnection,
  { orderId, isTimed }: { readonly orderId: string; readonly isTimed: boolean },
): Promise<WorkResult> {
  const { sellerId, connection: code } = notice;
  const pauseMs = parts.pauseMs(sellerId, code);
  if (pauseMs > 0) return { kind: "wait", waitMs: pauseMs, message: "waits until the channel can be called" };
  const isUnknown = !isTimed && !notice.isFound && !notice.isKnown;
  const turn = isUnknown ? await unknownTurn(parts, notice, orderId) : null;
  if (turn !== null && !turn.ok)
    return { kind: "wait", waitMs: turn.waitMs, message: "waits for a poll to list it: many unknown orders" };
  const taken = await takeOrder(parts, connection, orderId);
  if (taken.kind === "later") return { kind: "pause", waitMs: taken.waitMs, message: taken.message };
  if (taken.kind === "refused") return { kind: "failed", message: taken.message, isOurs: true };
  if (taken.kind === "unread") return unread(parts, notice, connection, { ...taken, isUnknown });
  if (isUnknown) parts.unknownReads.giveBack(`${sellerId} ${code}`, notice.attempts);
  await finishRead(parts, notice, connection, { ...taken, isTimed });
  return DONE;
}

/** Whether an order that no poll has listed may be read; an order that the ledger holds is none of these. */
async function unknownTurn(
  { pool, unknownReads }: WorkOrderParts,
  { sellerId, connection }: ClaimedNotice,
  orderId: string,
): Promise<ReturnType<UnknownReads["take"]>> {
  const turn = unknownReads.take(`${sellerId} ${connection}`);
  if (!turn.ok && (await isInLedger(pool, sellerId, { channel: connection, orderId }))) return { ok: true };
  return turn;
}

async function finishRead(
  parts: WorkOrderParts,
  notice: ClaimedNotice,
  connection: OpenConnection,
  taken: { readonly seq: number; readonly reading: OrderReading; readonly isTimed: boolean },
): Promise<void> {
  const { observations, clock, latency, metrics } = parts;
  const { seq, isTimed, reading } = taken;
  const now = clock.now();
  const { readAgainAfterMs, fingerprint } = reading;
  const idleReads = fingerprint === notice.fingerprint ? notice.idleReads + 1 : 0;
  const restMs = Math.min(LONGEST_REST_MS, 1_000 * 2 ** Math.min(idleReads - IDLE_READS_FREE, 20));
  const done = finishOf(parts, {
    readAgainAt: readAgainAfterMs === null ? null : now + readAgainAfterMs,
    fingerprint,
    rest: { idleReads, notBefore: idleReads < IDLE_READS_FREE ? null : now + restMs },
  });
  await observations.record(notice.sellerId, async (client): Promise<Observation[]> => {
    await finishNotice(client, notice, done);
    const { orderId } = reading.report;
    return [orderNews({ notice, connection, orderId, seq, latency, now, isTimed })];
  });
  metrics.read("order");
}

async function unread(
  parts: WorkOrderParts,
  notice: ClaimedNotice,
  connection: OpenConnection,
  { error, isUnknown }: { readonly error: ConnectorError; readonly isUnknown: boolean },
): Promise<WorkResult> {
  const { message, kind, retryAfterMs } = error;
  if (kind === "auth") return { kind: "pause", waitMs: disconnectedMs(error), message };
  if (kind === "throttled") {
    const waitMs = Math.max(connection.budgets.take("orders", 0).waitMs, retryAfterMs ?? 0);
    return { kind: "pause", waitMs, message };
  }
  if (kind === "not_found" && isUnknown && notice.attempts >= UNKNOWN_ATTEMPTS) {
    const notBefore = parts.clock.now() + UNKNOWN_REST_MS;
    await finishNotice(
      parts.pool,
      notice,
      finishOf(parts, { unknown: message, rest: { notBefore, idleReads: 0 } }),
    );
    parts.metrics.read("unknown");
    return DONE;
  }
  // Unknown is neither gone nor wrong: only what the channel says no to is ever put aside.
  const isOurs = kind !== "transient";
  return { kind: "failed", message, isOurs, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function finishOf({ clock }: WorkOrderParts, given: Partial<Finish>): Finish {
  return {
    now: clock.now(),
    readAgainAt: null,
    fingerprint: null,
    rest: { notBefore: null, idleReads: 0 },
    ...given,
  };
}
