import type { Instant } from "@onepool/core/ledger/units.ts";
import { HOPS, type Hop, type LatencySummary, summarise } from "@onepool/core/observe/latency-histogram.ts";
import type pg from "pg";

/** Samples of one bucket of one minute. */
export interface LatencyCount {
  readonly sellerId: number;
  readonly connection: string;
  readonly hop: Hop;
  /** The minute's first instant. */
  readonly minute: Instant;
  readonly bucket: number;
  readonly samples: number;
}

export async function addLatencies(pool: pg.Pool, counts: readonly LatencyCount[]): Promise<void> {
  await pool.query(
    `insert into latency as l (seller_id, connection, hop, minute, bucket, samples)
     select * from unnest($1::int8[], $2::text[], $3::text[], $4::timestamptz[], $5::int2[], $6::int8[])
     order by 1, 2, 3, 4, 5
     on conflict (seller_id, connection, hop, minute, bucket) do update set samples = l.samples + excluded.samples`,
    [
      counts.map(({ sellerId }) => sellerId),
      counts.map(({ connection }) => connection),
      counts.map(({ hop }) => hop),
      counts.map(({ minute }) => new Date(minute)),
      counts.map(({ bucket }) => bucket),
      counts.map(({ samples }) => samples),
    ],
  );
}

/** How long each hop of a seller's connections took since an instant, by connection; of one of them, or of all. */
export async function readLatencies(
  pool: pg.Pool,
  sellerId: number,
  since: Instant,
  only: string | null = null,
): Promise<ReadonlyMap<string, ReadonlyMap<Hop, LatencySummary>>> {
  const { rows } = await pool.query<{ connection: string; hop: Hop; bucket: number; samples: number }>(
    `select connection, hop, bucket, sum(samples)::int8 as samples from latency
     where seller_id = $1 and minute >= $2 and ($3::text is null or connection = $3)
     group by connection, hop, bucket order by connection`,
    [sellerId, new Date(since), only],
  );
  const connections = Map.groupBy(rows, ({ connection }) => connection);
  return new Map([...connections].map(([connection, its]) => [connection, hopsOf(its)] as const));
}

/** Forgets what is older than an instant. */
export async function forgetLatencies(pool: pg.Pool, before: Instant): Promise<void> {
  await pool.query("delete from latency where minute < $1", [new Date(before)]);
}

function hopsOf(
  rows: readonly { readonly hop: Hop; readonly bucket: number; readonly samples: number }[],
): ReadonlyMap<Hop, LatencySummary> {
  return new Map(
    HOPS.map((hop) => {
      const counts = rows
        .filter((row) => row.hop === hop)
        .map(({ bucket, samples }) => [bucket, samples] as const);
      return [hop, summarise(new Map(counts))] as const;
    }),
  );
}
