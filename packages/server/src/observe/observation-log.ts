import type { Instant } from "@onepool/core/ledger/units.ts";
import type { Observation } from "@onepool/core/observe/observation.ts";
import type pg from "pg";

import { inTransaction } from "../connections/in-transaction.ts";
import type { Log } from "../log/log.ts";

/** The channel on which processes hear that a seller's observations grew. The payload is the seller's id. */
export const OBSERVATION_CHANNEL = "onepool_observation";

/**
 * Writes the gapless log of what was seen and done at channels. Observations stand in the transaction of what they tell of;
 * who listens is woken after it, since a transaction that notifies holds a lock of the whole server while it commits.
 */
export class ObservationLog {
  private readonly pool: pg.Pool;
  private readonly clock: { now(): number };
  private readonly log: Log;
  private woken = new Set<number>();
  private waking: Promise<void> | null = null;

  constructor(options: { readonly pool: pg.Pool; readonly clock: { now(): number }; readonly log: Log }) {
    this.pool = options.pool;
    this.clock = options.clock;
    this.log = options.log;
  }

  /** Runs `work` in a transaction together with the observations it returns. */
  async record(
    sellerId: number,
    work: (client: pg.PoolClient) => Promise<readonly Observation[]>,
  ): Promise<void> {
    const isNews = await inTransaction(this.pool, async (client) => {
      const observations = await work(client);
      await append(client, { sellerId, now: this.clock.now(), observations });
      return observations.length > 0;
    });
    if (!isNews) return;
    this.woken.add(sellerId);
    this.waking ??= this.wake();
  }

  /** Resolves when whoever was to be woken is. */
  async close(): Promise<void> {
    await this.waking;
  }

  /** What is written while others are woken goes together. */
  private async wake(): Promise<void> {
    await Promise.resolve();
    while (this.woken.size > 0) {
      const sellers = [...this.woken];
      this.woken = new Set();
      try {
        await this.pool.query({
          name: "observe_notify",
          // A notice is not worth waiting for the disk.
          text: `select set_config('synchronous_commit', 'off', true), pg_notify('${OBSERVATION_CHANNEL}', s::text)
            from unnest($1::int8[]) s`,
          values: [sellers],
        });
      } catch (error) {
        this.log.warn({ stage: "observe", err: error }, "listeners could not be woken");
      }
    }
    this.waking = null;
  }
}

/** Appends under the next cursors. The head's row is locked until the transaction ends, so this is the last thing it does. */
async function append(
  client: pg.PoolClient,
  { sellerId, now, observations }: { sellerId: number; now: Instant; observations: readonly Observation[] },
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
}
