import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { OrderReading } from "@onepool/connectors/contract/connector.ts";
import type { Outcome } from "@onepool/connectors/contract/outcome.ts";
import type pg from "pg";

import type { OpenConnection } from "../connections/connection-registry.ts";
import type { CommandResult, Ledger } from "../ledger/ledger.ts";
import { expectOwnSale, forgetOpenSale } from "./reading-store.ts";
import { reportsOf } from "./reports-of.ts";

/** What became of reading an order. */
export type OrderIntake =
  | { readonly kind: "recorded"; readonly seq: number; readonly reading: OrderReading }
  /** The channel did not give it. */
  | { readonly kind: "unread"; readonly error: ConnectorError }
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
  if (budget.taken < callsPerOrder)
    return { kind: "later", waitMs: budget.waitMs, message: "waits for its turn" };
  const reading = await connector.value.fetchOrder(orderId);
  noteBudget(connection, reading);
  if (!reading.ok) return { kind: "unread", error: reading.error };
  return record(parts, connection, reading.value);
}

function noteBudget({ budgets }: OpenConnection, reading: Outcome<unknown>): void {
  if (reading.ok) budgets.worked("orders");
  else if (reading.error.kind === "throttled") budgets.throttled("orders", reading.error.retryAfterMs);
}

async function record(
  { pool, ledger, clock }: OrderIntakeParts,
  { row, capability }: OpenConnection,
  reading: OrderReading,
): Promise<OrderIntake> {
  const isGross = capability.quantityBasis === "gross";
  const orders = await reportsOf(pool, row, reading);
  for (const order of orders) await expectOwnSale(pool, row.sellerId, order, { now: clock.now(), isGross });
  const answer = await ledger.submit({
    sellerId: row.sellerId,
    commands: orders.map((order) => ({ kind: "order", source: "channel", order }) as const),
  });
  if (answer.kind === "overloaded") {
    return { kind: "later", waitMs: answer.retryAfterSeconds * 1_000, message: "the ledger is busy" };
  }
  if (answer.kind !== "done")
    return { kind: "later", waitMs: 1_000, message: `the ledger answers: ${answer.kind}` };
  const result = answer.results.find((one) => !one.ok) ?? answer.results.at(-1);
  if (result === undefined || !result.ok) return refusalOf(result);
  for (const order of orders)
    if (isGross && order.status !== "pending") await forgetOpenSale(pool, row.sellerId, order);
  return { kind: "recorded", seq: result.seq, reading: comingBack(reading, answer.results, clock.now()) };
}

/** Between readings of an order whose listing nobody mapped, in milliseconds: half as long as it has been waiting. */
const UNMAPPED_AGAIN = { firstMs: 60_000, longestMs: 6 * 3_600_000 };

/**
 * A line that waits for its listing is posted when that is mapped. The stock behind it may be mapped in its place, and which
 * that is only the channel knows: the order is read again.
 */
function comingBack(reading: OrderReading, results: readonly CommandResult[], now: number): OrderReading {
  const isUnmapped = results.some((one) => one.ok && (one.answer.unmapped ?? []).length > 0);
  if (!isUnmapped || reading.stockNames === undefined) return reading;
  const age = now - (reading.report.updatedAt ?? now);
  const waitMs = Math.min(UNMAPPED_AGAIN.longestMs, Math.max(UNMAPPED_AGAIN.firstMs, age / 2));
  return { ...reading, readAgainAfterMs: Math.min(waitMs, reading.readAgainAfterMs ?? waitMs) };
}

function refusalOf(result: CommandResult | undefined): OrderIntake {
  if (result === undefined || result.ok)
    return { kind: "later", waitMs: 1_000, message: "the ledger gave no answer" };
  const { code, field, message } = result.rejection;
  return { kind: "refused", message: `${code} at ${field}: ${message}` };
}
