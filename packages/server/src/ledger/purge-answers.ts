import type pg from "pg";

/** How long an answer is kept under its Idempotency-Key, in milliseconds (DESIGN §10): 7 days. */
export const ANSWER_AGE_MS = 7 * 24 * 60 * 60 * 1000;

const ROWS_PER_STEP = 5_000;

/** Deletes answers older than 7 days, a few thousand at a time. Answers how many. Safe in several processes at once. */
export async function purgeAnswers(pool: pg.Pool, now: number): Promise<number> {
  let purged = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      `delete from idempotent_answer where (seller_id, key) in (
         select seller_id, key from idempotent_answer
         where created_at < timestamptz 'epoch' + $1::int8 * interval '1 millisecond'
         order by created_at limit ${ROWS_PER_STEP}
         for update skip locked
       )`,
      [now - ANSWER_AGE_MS],
    );
    purged += rowCount ?? 0;
    if ((rowCount ?? 0) < ROWS_PER_STEP) return purged;
  }
}
