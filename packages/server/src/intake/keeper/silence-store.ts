import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "../notice-store.ts";
import type { ReadWay } from "./progress-store.ts";

/** A way that fails at present. */
export interface FailingWay {
  readonly way: ReadWay;
  /** Unix time in milliseconds. */
  readonly since: Instant;
  readonly attempts: number;
  readonly error: { readonly kind: string; readonly code: string | null; readonly message: string };
}

/** A connection that fails somewhere, or of which an alert says that it does. */
export interface TroubledKeeper extends ConnectionKey {
  readonly failing: readonly FailingWay[];
  /** What the open alerts say, by their kind. */
  readonly told: Readonly<Record<string, string>>;
}

export async function readTroubledKeepers(
  pool: pg.Pool,
  kinds: readonly string[],
): Promise<TroubledKeeper[]> {
  const { rows } = await pool.query<TroubledKeeper>({
    name: "keeper_read_troubled",
    text: `select c.seller_id as "sellerId", c.code,
        coalesce(f.failing, '[]'::json) as failing, coalesce(a.told, '{}'::json) as told
      from connection c
      left join lateral (
        select json_agg(json_build_object('way', p.way, 'since', floor(extract(epoch from p.failing_since) * 1000)::int8,
          'attempts', p.attempts, 'error', p.error) order by p.failing_since, p.way) as failing
        from keeper_progress p
        where p.seller_id = c.seller_id and p.connection = c.code and p.failing_since is not null
      ) f on true
      left join lateral (
        select json_object_agg(a.kind, a.body ->> 'message') as told from alert a
        where a.seller_id = c.seller_id and a.subject = c.code and a.resolved_at is null
          and a.kind in ('keeper_silent', 'not_subscribed')
      ) a on true
      where c.kind = any($1) and (f.failing is not null or a.told is not null)`,
    values: [kinds],
  });
  return rows;
}
