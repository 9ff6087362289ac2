import type { Instant } from "@onepool/core/ledger/units.ts";
import type { Observation } from "@onepool/core/observe/observation.ts";
import type pg from "pg";

/** The channel on which processes hear that a seller's observations grew. The payload is the seller's id. */
export const OBSERVATION_CHANNEL = "onepool_observation";

/**
 * Appends observations under the next cursors of the seller's gapless log, in the caller's transaction. The head's row is
 * locked until it ends, so this is the last thing a transaction does.
 */
export async function appendObservations(
  client: pg.PoolClient,
  sellerId: number,
  now: Instant,
  observations: readonly Observation[],
): Promise<void> {
  if (observations.length === 0) return;
  const { rowCount } = await client.query({
    name: "observe_append",
    text: `with grown as (
        insert into observation_head as h (seller_id, cursor) values ($1, $2)
        on conflict (seller_id) do update set cursor = h.cursor + $2 returning cursor
      )
      insert into observation (seller_id, cursor, connection, external_id, kind, recorded_at, body)
      select $1, g.cursor - $2 + o.nth, o.connection, o.external_id, o.kind, $3, o.body
      from grown g, unnest($4::text[], $5::text[], $6::text[], $7::json[])
        with ordinality as o (connection, external_id, kind, body, nth)`,
    values: [
      sellerId,
      observations.length,
      new Date(now),
      observations.map(({ connection }) => connection),
      observations.map(({ externalId }) => externalId),
      observations.map(({ kind }) => kind),
      observations.map(({ body }) => JSON.stringify(body)),
    ],
  });
  if (rowCount !== observations.length) throw new Error("an observation was not written");
  await client.query("select pg_notify($1, $2)", [OBSERVATION_CHANNEL, String(sellerId)]);
}
