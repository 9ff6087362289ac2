import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { OrderReading } from "@onepool/connectors/contract/connector.ts";
import type { Outcome } from "@onepool/connectors/contract/outcome.ts";
import type { OrderReport } from "@onepool/core/ledger/order-record.ts";
import type pg from "pg";

import type { OpenConnection } from "../connections/connection-registry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { expectOwnSale, forgetOpenSale } from "./reading-store.ts";
import { reportsOf } from "./reports-of.ts";

/** What became of reading an order. */
export type OrderIntake =
  | { readonly kind: "recorded"; readonly seq: number; readonly reading: OrderReading }
  | Exclude<Recording, { readonly kind: "recorded" }>
  /** The channel did not give it. */
  | { readonly kind: "unread"; readonly error: ConnectorError };

/** What became of telling the ledger. */
export type Recording =
  | { readonly kind: "recorded"; readonly seq: number; readonly isUnmapped: boolean }
  /** The ledger does not take it. */
  | { readonly kind: "refused"; readonly message: string }
  /** Nothing wrong with it: later. */
  | { readonly kind: "later"; readonly waitMs: number; readonly message: string };

/** An order costs its own read and its shipment's, unless its channel says otherwise. */
const CALLS_PER_ORDER = 2;

export interface OrderIntakeParts {
  readonly pool: pg.Pool;
  readonly ledger: Pick<Ledger, "submit">;
  readonly clock: { now(): number };
}

/** Reads an order's state at the channel and tells the ledger. */
export async function takeOrder(
  parts: OrderIntakeParts,
  connection: OpenConnection,
  orderId: string,
): Promise<OrderIntake> {
  const { connector, budgets, capability } = connection;
  if (!connector.ok) return { kind: "unread", error: connector.error };
  const { callsPerOrder = CALLS_PER_ORDER } = capability;
  const budget = budgets.take("orders", callsPerOrder);
  if (budget.taken === 0) return { kind: "later", waitMs: budget.waitMs, message: "waits for its turn" };
  const reading = await connector.value.fetchOrder(orderId);
  noteBudget(connection, reading);
  if (!reading.ok) return { kind: "unread", error: reading.error };
  const reports = await reportsOf(parts.pool, connection.row, reading.value);
  const recorded = await recordStates(parts, connection, reports);
  if (recorded.kind !== "recorded") return recorded;
  return { ...recorded, reading: comingBack(reading.value, recorded.isUnmapped, parts.clock.now()) };
}

function noteBudget({ budgets }: OpenConnection, reading: Outcome<unknown>): void {
  if (reading.ok) budgets.worked("orders");
  else if (reading.error.kind === "throttled") budgets.throttled("orders", reading.error.retryAfterMs);
}

/** Tells the ledger states of an order, and of those that belong to it, in one batch. */
export async function recordStates(
  { pool, ledger, clock }: OrderIntakeParts,
  { row, capability }: OpenConnection,
  reports: readonly OrderReport[],
): Promise<Recording> {
  const isGross = capability.quantityBasis === "gross";
  for (const report of reports)
    await expectOwnSale(pool, row.sellerId, report, { now: clock.now(), isGross });
  const answer = await ledger.submit({
    sellerId: row.sellerId,
    commands: reports.map((order) => ({ kind: "order", source: "channel", order })),
  });
  if (answer.kind === "overloaded") {
    return { kind: "later", waitMs: answer.retryAfterSeconds * 1_000, message: "the ledger is busy" };
  }
  if (answer.kind !== "done")
    return { kind: "later", waitMs: 1_000, message: `the ledger answers: ${answer.kind}` };
  const refused = answer.results.find((result) => !result.ok);
  if (refused !== undefined && !refused.ok) {
    const { code, field, message } = refused.rejection;
    return { kind: "refused", message: `${code} at ${field}: ${message}` };
  }
  const recorded = answer.results.flatMap((result) => (result.ok ? [result] : []));
  if (recorded.length === 0) return { kind: "later", waitMs: 1_000, message: "the ledger gave no answer" };
  for (const report of reports)
    if (isGross && report.status !== "pending") await forgetOpenSale(pool, row.sellerId, report);
  return {
    kind: "recorded",
    seq: Math.max(...recorded.map(({ seq }) => seq)),
    isUnmapped: recorded.some((one) => (one.answer.unmapped ?? []).length > 0),
  };
}

/** Between readings of an order whose listing nobody mapped, in milliseconds: half as long as it has been waiting. */
const UNMAPPED_AGAIN = { firstMs: 60_000, longestMs: 6 * 3_600_000 };

/**
 * A line that waits for its listing is posted when that is mapped. The stock behind it may be mapped in its place, and which
 * that is only the channel knows: the order is read again.
 */
export function comingBack(reading: OrderReading, isUnmapped: boolean, now: number): OrderReading {
  if (!isUnmapped || reading.stockNames === undefined) return reading;
  const age = now - (reading.report.updatedAt ?? now);
  const waitMs = Math.min(UNMAPPED_AGAIN.longestMs, Math.max(UNMAPPED_AGAIN.firstMs, age / 2));
  return { ...reading, readAgainAfterMs: Math.min(waitMs, reading.readAgainAfterMs ?? waitMs) };
}
