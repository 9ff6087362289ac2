import type { Instant } from "@onepool/core/ledger/units.ts";
import { type Hop, type LatencySummary, summarise } from "@onepool/core/observe/latency-histogram.ts";
import type pg from "pg";

/** How long the hops of a seller's connections took since an instant, by connection and hop. */
export async function readHops(
  pool: pg.Pool,
  sellerId: number,
  since: Instant,
): Promise<ReadonlyMap<string, ReadonlyMap<Hop, LatencySummary>>> {
  const { rows } = await pool.query<{ connection: string; hop: Hop; bucket: number; samples: number }>({
    name: "allocate_hops",
    text: `select connection, hop, bucket, sum(samples)::int8 as samples from latency
      where seller_id = $1 and minute >= $2 group by connection, hop, bucket`,
    values: [sellerId, new Date(since)],
  });
  const connections = Map.groupBy(rows, ({ connection }) => connection);
  return new Map(
    [...connections].map(([connection, its]) => {
      const hops = [...Map.groupBy(its, ({ hop }) => hop)].map(([hop, counts]) => {
        const perBucket = counts.map(({ bucket, samples }) => [bucket, samples] as const);
        return [hop, summarise(new Map(perBucket))] as const;
      });
      return [connection, new Map(hops)] as const;
    }),
  );
}
