import { cancelRequestAlert } from "./cancel-request.ts";
// An order state arrives: each line's facts join what is known, and the difference to what is posted moves.
import { EMPTY_CLAIM } from "./claim.ts";
import type { ReportOrder } from "./command.ts";
import { draft } from "./draft.ts";
import type { Decision, EntryDraft, Leg, RecordChange } from "./entry.ts";
import type { JsonObject } from "./json.ts";
import { postLine, shipsFromSetting } from "./line-posting.ts";
import { checkOrder, checkParts } from "./order-check.ts";
import { orderHash } from "./order-hash.ts";
import type { ClaimLine, LineReport, OrderRecord, OrderReport, Source, StateKey } from "./order-record.ts";
import { STATUS_RANK } from "./order-record.ts";
import { statusOf } from "./order-status.ts";
import { withOversoldAlerts } from "./oversold.ts";
import { resolveRecipe } from "./recipe.ts";
import type { ConnectionRecord } from "./records.ts";
import { takeOverHold } from "./reservation-legs.ts";
import { isBeforeCutOver, joinState, lineFacts } from "./source-facts.ts";
import type { Instant } from "./units.ts";
import { lineSubject, promisesReleased, startWaiting, stopWaiting, waitingRows } from "./unmapped.ts";
import type { LedgerView } from "./view.ts";

export function decideOrder(view: LedgerView, command: ReportOrder, now: Instant): Decision {
  const { source, order: report } = command;
  const refusal = checkOrder(view, command, now);
  if (refusal !== null) return refusal;
  const known = view.order(report.channel, report.orderId);
  const { channel: _, orderId: __, ...said } = report; // the entry's own columns
  const body = { source, order: said } as unknown as JsonObject;
  const hash = orderHash(source, report);
  const recordedBy = known === null ? null : recordedAs(known, hash);
  if (known !== null && recordedBy !== null) return repeated(known, report, recordedBy);

  const misfit = checkParts(view, report, known);
  if (misfit !== null) return misfit;
  const connection = view.connection(report.channel);
  const occurredAt = report.closedAt ?? report.updatedAt ?? now;
  const context = { view, report, source, hash, since: connection?.since ?? null, occurredAt };
  const next = joinOrder(context, known);
  if (known !== null && !next.changed) return repeated(known, report, lastRecorded(known));

  const isNewChannel = connection === null;
  const entry = orderEntry(context, next, { body, isNewChannel, known });
  return { ok: true, entries: withOversoldAlerts(view, [entry]), answer: answerOf(next.record, report) };
}

/** The entry that recorded a state with this content, or null. */
function recordedAs(known: OrderRecord, hash: string): number | null {
  return known.seen.find(([seen]) => seen === hash)?.[1] ?? null;
}

/** The entry that last changed the order by a state of its own. */
function lastRecorded(known: OrderRecord): number {
  return known.seen.at(-1)?.[1] ?? 0;
}

/** Nothing new: the number that first recorded it. */
function repeated(known: OrderRecord, report: OrderReport, seq: number): Decision {
  return { ok: true, seq, answer: answerOf(known, report) };
}

function orderEntry(
  context: OrderContext,
  next: JoinedOrder,
  entry: { body: JsonObject; isNewChannel: boolean; known: OrderRecord | null },
): EntryDraft {
  const { view, report, hash, occurredAt } = context;
  const { channel, orderId } = report;
  const hold = report.reservationId === undefined ? null : takeOverHold(view, report.reservationId);
  const changes: RecordChange[] = [
    ...(entry.isNewChannel ? [newChannel(channel)] : []),
    ...(hold?.changes ?? []),
    ...next.changes,
    ...noStockIncident(view, report, next.legs),
    ...cancelRequestAlert(view, next.record, entry.known),
    { table: "order", record: next.record, stateHash: hash },
  ];
  const legs = hold === null ? next.legs : [...hold.legs, ...next.legs];
  return draft({ kind: "order", occurredAt, channel, orderId, body: entry.body, legs, changes });
}

interface OrderContext {
  readonly view: LedgerView;
  readonly report: OrderReport;
  readonly source: Source;
  readonly hash: string;
  readonly since: Instant | null;
  readonly occurredAt: Instant;
}

interface JoinedOrder {
  readonly record: OrderRecord;
  readonly legs: readonly Leg[];
  readonly changes: readonly RecordChange[];
  readonly changed: boolean;
}

function joinOrder(context: OrderContext, known: OrderRecord | null): JoinedOrder {
  const knownLines = known?.lines ?? [];
  const lines = [...knownLines];
  const places = new Map(knownLines.map(({ lineId }, place) => [lineId, place] as const));
  const legs: Leg[] = [];
  const changes: RecordChange[] = [];
  let changed = known === null;
  for (const reported of context.report.lines) {
    // No line comes twice in one report (order-check.ts), so only known ones are looked for.
    const place = places.get(reported.lineId) ?? lines.length;
    const before = lines[place];
    const joined = joinLine(context, before, reported);
    if (joined.line === before) continue;
    changed = true;
    lines[place] = joined.line;
    legs.push(...joined.legs);
    changes.push(...joined.changes);
  }
  const head = orderHead(context, known);
  const record: OrderRecord = { ...head, status: statusOf(lines), lines, seen: known?.seen ?? [] };
  return { record, legs, changes, changed: changed || isHeadChanged(record, known) };
}

function isHeadChanged(record: OrderRecord, known: OrderRecord | null): boolean {
  if (known === null || record.cancelRequested !== known.cancelRequested) return true;
  return record.doNotShip !== known.doNotShip || record.reservationId !== known.reservationId;
}

/**
 * The order's own fields. Whether it may ship is the newest timed state's word; an untimed one can only stop it. That the buyer
 * asked to cancel stays said.
 */
function orderHead(
  context: OrderContext,
  known: OrderRecord | null,
): Omit<OrderRecord, "lines" | "seen" | "status"> {
  const { channel, orderId, placedAt, updatedAt, doNotShip, cancelRequested, reservationId } = context.report;
  const said = {
    placedAt: placedAt ?? null,
    updatedAt: updatedAt ?? null,
    doNotShip: doNotShip ?? false,
    cancelRequested: cancelRequested ?? false,
    reservationId: reservationId ?? null,
  };
  if (known === null) return { channel, orderId, ...said };
  return {
    channel,
    orderId,
    placedAt: atBest(Math.min, said.placedAt, known.placedAt),
    updatedAt: atBest(Math.max, said.updatedAt, known.updatedAt),
    doNotShip: isStopped(context.report, known),
    cancelRequested: known.cancelRequested || said.cancelRequested,
    reservationId: said.reservationId ?? known.reservationId,
  };
}

function isStopped({ updatedAt, doNotShip }: OrderReport, known: OrderRecord): boolean {
  const isNewest = known.updatedAt === null || (updatedAt ?? -Infinity) >= known.updatedAt;
  if (isNewest) return doNotShip ?? known.doNotShip;
  return known.doNotShip || (updatedAt === undefined && doNotShip === true);
}

function atBest(
  choose: (left: number, right: number) => number,
  left: Instant | null,
  right: Instant | null,
): Instant | null {
  return left === null || right === null ? (left ?? right) : choose(left, right);
}

interface JoinedLine {
  readonly line: ClaimLine;
  readonly legs: readonly Leg[];
  readonly changes: readonly RecordChange[];
}

function joinLine(context: OrderContext, before: ClaimLine | undefined, reported: LineReport): JoinedLine {
  const { view, report, source } = context;
  const named = nameLine(context, before, reported);
  const facts = lineFacts(report, reported);
  const known = named.sources[source];
  const state = {
    facts,
    key: stateKey(report),
    correction: report.correction === true,
    isHistory: isBeforeCutOver(report, context.since),
  };
  const joined = joinState(known, state);
  if (joined === known && named === before) return { line: named, legs: [], changes: [] };
  const recipe = named.recipe ?? resolveRecipe(view, report.channel, named);
  const line: ClaimLine = { ...named, recipe, sources: { ...named.sources, [source]: joined } };
  if (recipe === null) {
    const isNew = before === undefined || named !== before;
    const changes = isNew
      ? startWaiting(report.channel, report.orderId, line, {
          units: reported.quantity,
          isAlarming: !state.isHistory,
        })
      : [];
    return { line, legs: [], changes: [...noLongerWaiting(context, before, line), ...changes] };
  }
  const { channel } = report;
  const posted = postLine(view, { channel, before, after: line, recipe, occurredAt: context.occurredAt });
  return { line: posted.line, legs: posted.legs, changes: noLongerWaiting(context, before, line) };
}

/** A line that waited under another name, or is mapped by its new one, waits for the old one no more. */
function noLongerWaiting(
  { view, report }: OrderContext,
  before: ClaimLine | undefined,
  line: ClaimLine,
): RecordChange[] {
  if (before === undefined || before.recipe !== null) return [];
  const isRenamed = before.sku !== line.sku || before.listing !== line.listing;
  if (line.recipe === null && !isRenamed) return [];
  const { channel, orderId } = report;
  return line.recipe === null
    ? waitingRows(channel, orderId, before).map((row) => ({
        table: "unmapped_line",
        change: "remove",
        line: row,
      }))
    : stopWaiting(view, channel, orderId, before);
}

/**
 * The line under its name. As long as nothing is frozen, the channel's own naming replaces another source's, and a name that is
 * mapped replaces its own that nobody mapped: what it sells may go by several.
 */
function nameLine(
  { view, report, source }: OrderContext,
  before: ClaimLine | undefined,
  reported: LineReport,
): ClaimLine {
  const sku = reported.sku ?? null;
  const listing = reported.listing ?? null;
  if (before === undefined) {
    return {
      lineId: reported.lineId,
      sku,
      listing,
      namedBy: source,
      recipe: null,
      sources: {},
      received: {},
      posted: EMPTY_CLAIM,
    };
  }
  if (before.recipe !== null || source !== "channel") return before;
  const named = { ...before, sku, listing, namedBy: source };
  const mayName = before.namedBy !== "channel" || resolveRecipe(view, report.channel, named) !== null;
  return mayName ? named : before;
}

function stateKey({ updatedAt, status }: OrderReport): StateKey | null {
  return updatedAt === undefined ? null : { updatedAt, rank: STATUS_RANK[status] };
}

/** Lines of the report that still wait for a mapping. */
function answerOf(record: OrderRecord, report: OrderReport): { unmapped?: readonly string[] } {
  const waiting = new Set(record.lines.filter((line) => line.recipe === null).map((line) => line.lineId));
  const unmapped = report.lines.map((line) => line.lineId).filter((lineId) => waiting.has(lineId));
  return unmapped.length === 0 ? {} : { unmapped };
}

/** A channel of the seller's own is made at first use. */
function newChannel(code: string): RecordChange {
  const record: ConnectionRecord = {
    code,
    kind: "api",
    mode: "live",
    settings: {},
    credentials: null,
    since: null,
    updatedSeq: 0,
  };
  return { table: "connection", record };
}

/** A cancellation for want of stock says that our number was wrong: an incident, and a count is asked for. */
function noStockIncident(view: LedgerView, report: OrderReport, legs: readonly Leg[]): RecordChange[] {
  const released = promisesReleased(legs);
  if (report.status !== "cancelled" || report.cancelReason !== "no_stock" || released <= 0) return [];
  const sku = legs[0]?.sku ?? null;
  const { channel, orderId } = report;
  const message = `Order ${orderId} of ${channel} was cancelled for want of stock while ${released} were promised: count ${sku} at ${shipsFromSetting(view, channel)}.`;
  const subject = lineSubject(channel, orderId, "");
  return [
    {
      table: "alert",
      change: "open",
      alert: {
        kind: "cancelled_no_stock",
        subject,
        severity: "warning",
        sku,
        channel,
        orderId,
        lineId: null,
        units: released,
        message,
      },
    },
  ];
}
