// One fact from its claim to the ledger: worked out at the keeper's desk and written down in one transaction, told, and ended in
// another. A crash between the two leaves the booking, which whoever comes next to that desk tells again.
import { readKeeperMap } from "@onepool/core/intake/keeper/keeper-map.ts";
import type { Command } from "@onepool/core/ledger/command.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { inTransaction } from "../../connections/in-transaction.ts";
import type { KeeperRegistry, OpenKeeper } from "../../connections/keeper-registry.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { ConnectionKey } from "../notice-store.ts";
import { applyAdjustment } from "./apply-adjustment.ts";
import { type ApplyContext, BEFORE_CUT_OVER, type FactPlan } from "./apply-context.ts";
import { type Booking, endBooking, isStillOurs, takeDesk, writeBooking } from "./apply-desk-store.ts";
import { applyPick, applyShipment } from "./apply-order.ts";
import { applyReceipt } from "./apply-receipt.ts";
import { applyReturn } from "./apply-return.ts";
import { applySnapshot } from "./apply-snapshot.ts";
import { type ClaimedFact, finishFact } from "./keeper-fact-store.ts";

export interface ApplyParts {
  readonly pool: pg.Pool;
  readonly registry: Pick<KeeperRegistry, "open">;
  readonly ledger: Pick<Ledger, "submit">;
  readonly clock: { now(): number };
}

export type Applied = "booked" | "nothing" | "waits" | "poisoned" | "not_ours" | "later";

/** Commands told together. */
const COMMANDS_MAX = 500;

/** A connection's row is looked at again after this long, in milliseconds. */
const FRESH_MS = 200;

/** Between attempts of what waits for something, in milliseconds. */
const WAIT = { firstMs: 5_000, longestMs: 3_600_000 };

export async function applyFact(parts: ApplyParts, claimed: ClaimedFact): Promise<Applied> {
  const key = { sellerId: claimed.sellerId, code: claimed.connection };
  const open = await parts.registry.open(key.sellerId, key.code, FRESH_MS);
  if (open === null) return waitFor(parts, claimed, `There is no keeper ${key.code}.`);
  for (;;) {
    const step = await inTransaction(parts.pool, (client) =>
      workOut({ client, key, claimed, open }, parts.clock.now()),
    );
    if (step.kind === "ended") return step.applied;
    for (const booking of step.bookings) {
      const told = await tell(parts, key, booking);
      if (told === "later") return "later";
      if (booking.factId === claimed.fact.factId) return told;
    }
  }
}

type Step =
  | { readonly kind: "ended"; readonly applied: Applied }
  /** These have to be told first: ours, or what was left by a crash. */
  | { readonly kind: "tell"; readonly bookings: readonly Booking[] };

async function workOut(
  {
    client,
    key,
    claimed,
    open,
  }: Pick<ApplyContext, "client" | "key" | "claimed"> & { readonly open: OpenKeeper },
  now: Instant,
): Promise<Step> {
  const left = await takeDesk(client, key);
  if (left.length > 0) return { kind: "tell", bookings: left };
  if (!(await isStillOurs(client, claimed))) return { kind: "ended", applied: "not_ours" };
  const { row, capability } = open;
  const map = readKeeperMap(row.settings);
  const isHistory = row.since !== null && claimed.occurredAt < row.since;
  const isLive = row.mode === "live";
  const plan = await planOf({ client, key, claimed, map, capability, isLive, isHistory, now });
  if (plan.kind === "book" && plan.commands.length > 0) {
    const booking = { factId: claimed.fact.factId, commands: plan.commands, waits: plan.waits ?? null };
    await writeBooking(client, key, booking, now);
    return { kind: "tell", bookings: [booking] };
  }
  return { kind: "ended", applied: await endWithout(client, claimed, plan, now) };
}

/** Ends a fact that the ledger has not to be told of, or not yet. */
async function endWithout(
  client: pg.PoolClient,
  claimed: ClaimedFact,
  plan: FactPlan,
  now: Instant,
): Promise<Applied> {
  const isBooked = plan.kind === "book";
  const error = isBooked ? (plan.waits ?? null) : plan.why;
  const end = { now, seq: null, error };
  if (plan.kind === "wait" || (isBooked && error !== null)) {
    await finishFact(client, claimed, {
      ...end,
      state: "waiting",
      nextAttemptAt: now + waitMs(claimed.attempts),
    });
    return "waits";
  }
  await finishFact(client, claimed, { ...end, state: isBooked ? "done" : "nothing" });
  return isBooked ? "booked" : "nothing";
}

function planOf(context: ApplyContext): Promise<FactPlan> | FactPlan {
  const { claimed, isLive, isHistory, key } = context;
  const { fact } = claimed;
  if (fact.kind === "snapshot") return applySnapshot(context, fact);
  if (!isLive) return { kind: "wait", why: `${key.code} is not live: what it tells is kept until it is.` };
  switch (fact.kind) {
    case "shipment":
      return applyShipment(context, fact);
    case "pick":
      return applyPick(context, fact);
    case "adjustment":
      return isHistory ? BEFORE_CUT_OVER : applyAdjustment(context, fact);
    case "receipt":
      return applyReceipt(context, fact);
    case "return":
      return applyReturn(context, fact);
    default:
      return fact satisfies never;
  }
}

async function waitFor(parts: ApplyParts, claimed: ClaimedFact, error: string): Promise<Applied> {
  const now = parts.clock.now();
  const nextAttemptAt = now + waitMs(claimed.attempts);
  await finishFact(parts.pool, claimed, { now, state: "waiting", seq: null, error, nextAttemptAt });
  return "waits";
}

function waitMs(attempts: number): number {
  return Math.min(WAIT.longestMs, WAIT.firstMs * 2 ** Math.min(attempts - 1, 20));
}

/** Tells the ledger what was written down, and ends the fact. What it refuses is for people: the levels show what it comes to. */
async function tell(
  { pool, ledger, clock }: ApplyParts,
  key: ConnectionKey,
  { factId, commands, waits }: Booking,
): Promise<"booked" | "poisoned" | "later"> {
  let seq: number | null = null;
  const refusals: string[] = [];
  for (let from = 0; from < commands.length; from += COMMANDS_MAX) {
    const told: readonly Command[] = commands.slice(from, from + COMMANDS_MAX);
    const answer = await ledger.submit({ sellerId: key.sellerId, commands: told });
    if (answer.kind !== "done") return "later";
    for (const result of answer.results) {
      if (result.ok) seq ??= result.seq;
      else if (result.rejection.code === "internal_error") return "later";
      else
        refusals.push(`${result.rejection.code} at ${result.rejection.field}: ${result.rejection.message}`);
    }
  }
  const error = refusals.length === 0 ? null : refusals.slice(0, 3).join(" ");
  const now = clock.now();
  const end = { now, seq, error, waits, nextAttemptAt: now + WAIT.longestMs };
  await inTransaction(pool, (client) => endBooking(client, key, factId, end));
  return error === null ? "booked" : "poisoned";
}
