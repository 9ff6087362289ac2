// Ends holds whose deadline has passed, over all sellers. A request never waits for this: whoever reserves ends the due
// holds of the seller first. Any number of processes may look at once; a hold is ended by the first to commit.
import type pg from "pg";

import type { LedgerLog } from "./ledger-context.ts";
import type { Ledger } from "./ledger.ts";

export interface HoldExpiryOptions {
  readonly pool: pg.Pool;
  readonly ledger: Pick<Ledger, "submit">;
  readonly clock: { now(): number };
  readonly log: LedgerLog;
  /** How often to look, in milliseconds; half a second if not given, so that every hold ends within a second. */
  readonly everyMs?: number;
}

export interface HoldExpiry {
  /** Stops looking; resolves when the last look is over. */
  close(): Promise<void>;
}

/** Holds ended per look; more are left to the next one, which follows at once. */
const HOLDS_PER_LOOK = 1_000;

/** Starts to look for due holds again and again. */
export function startHoldExpiry(options: HoldExpiryOptions): HoldExpiry {
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let looking = Promise.resolve();
  const look = async (): Promise<void> => {
    let found = 0;
    try {
      found = await endDueHolds(options);
    } catch (error) {
      options.log.warn({ stage: "ledger", error }, "due holds could not be ended");
    }
    if (!isClosed) next(found < HOLDS_PER_LOOK ? (options.everyMs ?? 500) : 0);
  };
  const next = (delayMs: number): void => {
    timer = setTimeout(() => {
      looking = look();
    }, delayMs);
  };
  next(0);
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await looking;
    },
  };
}

/** Ends the holds that are due now. Answers how many were found. */
export async function endDueHolds({ pool, ledger, clock }: HoldExpiryOptions): Promise<number> {
  const { rows } = await pool.query<{ seller_id: number; ids: string[] }>(
    `select seller_id, array_agg(reservation_id order by expires_at, reservation_id) as ids
     from (
       select seller_id, reservation_id, expires_at from reservation
       where state = 'held' and expires_at <= timestamptz 'epoch' + $1::int8 * interval '1 millisecond'
       order by expires_at limit ${HOLDS_PER_LOOK}
     ) due
     group by seller_id order by min(expires_at)`,
    [clock.now()],
  );
  await Promise.all(
    rows.map(({ seller_id: sellerId, ids }) =>
      ledger.submit({
        sellerId: Number(sellerId),
        commands: ids.map(
          (reservationId) => ({ kind: "end_reservation", reservationId, how: "expire" }) as const,
        ),
      }),
    ),
  );
  return rows.reduce((sum, { ids }) => sum + ids.length, 0);
}
