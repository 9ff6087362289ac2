// What people see of reconciliation, and what they decide.
import type { LevelState } from "@onepool/core/intake/keeper/judge-level.ts";
import type { ConnectionMode } from "@onepool/core/ledger/records.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { Reader } from "../../ledger/read/reader.ts";
import { milliseconds } from "../../ledger/read/sql-fragments.ts";
import type { ConnectionKey } from "../notice-store.ts";
import { LEVEL_COLUMNS, type LevelPlace, type LevelRow } from "./keeper-level-store.ts";

/** How one keeper stands. */
export interface KeeperStanding {
  readonly connection: string;
  readonly kind: string;
  readonly mode: ConnectionMode;
  readonly settings: unknown;
  readonly levels: Readonly<Record<LevelState, number>>;
  /** Units by which open levels differ, without their signs. */
  readonly openUnits: Units;
  /** Both sides of every level that was ever told agreed since; null where one never did. */
  readonly verifiedAsOf: Instant | null;
  readonly toldAsOf: Instant | null;
  readonly facts: { readonly due: number; readonly waiting: number; readonly poison: number };
  /** When it was last heard by each way, of late. */
  readonly heard: readonly { readonly way: string; readonly at: Instant }[];
  readonly held: {
    readonly since: Instant;
    readonly why: string;
    readonly strikes: number;
    readonly acceptedAt: Instant | null;
  } | null;
}

/** Facts looked at for when each way was last heard. */
const LATE_FACTS = 500;

const COUNT = (state: LevelState): string => `'${state}', count(*) filter (where state = '${state}')`;
const FACTS = (state: string): string =>
  `(select count(*) from keeper_fact f where f.seller_id = $1 and f.connection = c.code and f.state = '${state}')`;

const READ_STANDINGS = `
  select c.code as connection, c.kind, c.mode, c.settings,
    json_build_object(${COUNT("verified")}, ${COUNT("suspect")}, ${COUNT("open")}, ${COUNT("booked")}) as levels,
    coalesce(sum(abs(l.drift)) filter (where l.state = 'open'), 0)::int8 as "openUnits",
    case when bool_and(l.verified_as_of is not null) then ${milliseconds("min(l.verified_as_of)")} end as "verifiedAsOf",
    ${milliseconds("max(l.as_of_to)")} as "toldAsOf",
    json_build_object('due', ${FACTS("due")}, 'waiting', ${FACTS("waiting")}, 'poison', ${FACTS("poison")}) as facts,
    coalesce((
      select json_agg(json_build_object('way', h.way, 'at', h.at) order by h.way) from (
        select f.way, ${milliseconds("max(f.received_at)")} as at from (
          select way, received_at from keeper_fact
          where seller_id = $1 and connection = c.code order by arrival desc limit ${LATE_FACTS}
        ) f group by f.way
      ) h), '[]'::json) as heard,
    (select json_build_object('since', ${milliseconds("d.held_since")}, 'why', d.held_why, 'strikes', d.held_strikes,
        'acceptedAt', ${milliseconds("d.accepted_at")})
      from keeper_desk d where d.seller_id = $1 and d.connection = c.code and d.held_since is not null) as held
  from connection c
  left join keeper_level l on l.seller_id = $1 and l.connection = c.code
  where c.seller_id = $1 and c.kind = any($2::text[])
  group by c.seller_id, c.code
  order by c.code`;

/** Every keeper of a seller. */
export function readStandings(
  reader: Reader,
  sellerId: number,
  kinds: readonly string[],
): Promise<readonly KeeperStanding[]> {
  return reader.rows<KeeperStanding>({
    name: "read_keeper_standings",
    text: READ_STANDINGS,
    values: [sellerId, kinds],
  });
}

export interface LevelFilter extends ConnectionKey {
  readonly state: LevelState | null;
  readonly sku: string | null;
  /** The last one of the page before. */
  readonly after: LevelPlace | null;
  readonly limit: number;
}

/** Levels by place and SKU. */
export function listLevels(reader: Reader, filter: LevelFilter): Promise<readonly LevelRow[]> {
  const { sellerId, code, state, sku, after, limit } = filter;
  return reader.rows<LevelRow>({
    text: `select ${LEVEL_COLUMNS} from keeper_level
      where seller_id = $1 and connection = $2 and ($3::text is null or state = $3) and ($4::text is null or sku = $4)
        and ($5::text is null or (location, sku) > ($5, $6))
      order by location, sku limit $7`,
    values: [sellerId, code, state, sku, after?.location ?? null, after?.sku ?? null, limit],
  });
}

/** A person took the keeper's word, and it is booked: unless something newer was told meanwhile. */
export async function keepAccepted(
  client: pg.PoolClient,
  key: ConnectionKey,
  row: LevelRow,
  now: Instant,
): Promise<void> {
  await client.query(
    `update keeper_level set state = 'booked', booked_at = as_of_to, booked_units = drift, verified_as_of = as_of_to,
        verified_sellable = sellable, accepted_at = $6, updated_at = $6
      where seller_id = $1 and connection = $2 and location = $3 and sku = $4
        and as_of_to = timestamptz 'epoch' + $5::int8 * interval '1 millisecond'`,
    [key.sellerId, key.code, row.location, row.sku, row.asOfTo, new Date(now)],
  );
}

/** A person asked for the level to be looked at again. */
export async function wantRecount(
  client: pg.PoolClient,
  key: ConnectionKey,
  { location, sku }: LevelPlace,
  now: Instant,
): Promise<void> {
  await client.query(
    `update keeper_level set recount_wanted_at = $5 where seller_id = $1 and connection = $2 and location = $3 and sku = $4`,
    [key.sellerId, key.code, location, sku, new Date(now)],
  );
}

/** A person says that the keeper's odd snapshots are right; null where none is held. */
export async function acceptSnapshots(
  client: pg.PoolClient,
  key: ConnectionKey,
  now: Instant,
): Promise<{ readonly strikes: number } | null> {
  const { rows } = await client.query<{ strikes: number }>(
    `update keeper_desk set accepted_at = $3
      where seller_id = $1 and connection = $2 and held_since is not null returning held_strikes as strikes`,
    [key.sellerId, key.code, new Date(now)],
  );
  return rows[0] ?? null;
}
