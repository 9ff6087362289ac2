// What keepers last said of each SKU at each place, and what the ledger has of it.
import type { KnownLevel, LedgerLevel, LikelyCause } from "@onepool/core/intake/keeper/judge-level.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { milliseconds } from "../../ledger/read/sql-fragments.ts";
import type { ConnectionKey } from "../notice-store.ts";

export interface LevelPlace {
  readonly sku: string;
  readonly location: string;
}

/** A level as it is kept. */
export interface LevelRow extends LevelPlace, KnownLevel {
  readonly item: string;
  readonly sellable: Units;
  readonly held: Units;
  readonly allocated: Units | null;
  /** What it was given orders for and had not left; null where that is not known. */
  readonly allocatedOurs: Units | null;
  readonly allocatedStrikes: number;
  readonly asOfFrom: Instant;
  readonly expected: Units;
  readonly expectedHeld: Units;
  readonly likelyCause: LikelyCause | null;
  readonly verifiedAsOf: Instant | null;
  readonly verifiedSellable: Units | null;
  readonly recountWantedAt: Instant | null;
  readonly acceptedAt: Instant | null;
  readonly bookedAt: Instant | null;
  readonly bookedUnits: Units | null;
  readonly updatedAt: Instant;
}

const TIMES = `${milliseconds("as_of_from")} as "asOfFrom", ${milliseconds("as_of_to")} as "asOfTo",
  ${milliseconds("first_drift_at")} as "firstDriftAt", ${milliseconds("verified_as_of")} as "verifiedAsOf",
  ${milliseconds("recount_wanted_at")} as "recountWantedAt", ${milliseconds("accepted_at")} as "acceptedAt",
  ${milliseconds("booked_at")} as "bookedAt", ${milliseconds("updated_at")} as "updatedAt"`;

/** The columns of a `LevelRow`, in the order of its fields. */
export const LEVEL_COLUMNS = `sku, location, item, sellable, held, allocated, allocated_ours as "allocatedOurs",
  allocated_strikes as "allocatedStrikes", expected, expected_held as "expectedHeld", drift,
  drift_held as "driftHeld", strikes, state, likely_cause as "likelyCause", verified_sellable as "verifiedSellable",
  booked_units as "bookedUnits", ${TIMES}`;

export async function readLevels(
  client: pg.PoolClient,
  key: ConnectionKey,
  places: readonly LevelPlace[],
): Promise<readonly LevelRow[]> {
  if (places.length === 0) return [];
  const { rows } = await client.query<LevelRow>({
    name: "keeper_read_levels",
    text: `select l.* from unnest($3::text[], $4::text[]) as k (sku, location)
      cross join lateral (
        select ${LEVEL_COLUMNS} from keeper_level
        where seller_id = $1 and connection = $2 and location = k.location and sku = k.sku limit 1
      ) l`,
    values: [key.sellerId, key.code, places.map(({ sku }) => sku), places.map(({ location }) => location)],
  });
  return rows;
}

/** Levels of a place that were last told before an instant: SKUs that a whole snapshot did not name are among them. */
export async function readLevelsBefore(
  client: pg.PoolClient,
  key: ConnectionKey,
  locations: readonly string[],
  before: Instant,
): Promise<readonly LevelRow[]> {
  const { rows } = await client.query<LevelRow>({
    name: "keeper_read_levels_before",
    text: `select ${LEVEL_COLUMNS} from keeper_level
      where seller_id = $1 and connection = $2 and location = any($3::text[]) and as_of_to < $4`,
    values: [key.sellerId, key.code, locations, new Date(before)],
  });
  return rows;
}

export async function writeLevels(
  client: pg.PoolClient,
  key: ConnectionKey,
  rows: readonly LevelRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const date = (instant: Instant | null): string | null =>
    instant === null ? null : new Date(instant).toISOString();
  const stored = rows.map((row) => ({
    location: row.location,
    sku: row.sku,
    item: row.item,
    sellable: row.sellable,
    held: row.held,
    allocated: row.allocated,
    allocated_ours: row.allocatedOurs,
    allocated_strikes: row.allocatedStrikes,
    as_of_from: date(row.asOfFrom),
    as_of_to: date(row.asOfTo),
    expected: row.expected,
    expected_held: row.expectedHeld,
    drift: row.drift,
    drift_held: row.driftHeld,
    strikes: row.strikes,
    first_drift_at: date(row.firstDriftAt),
    state: row.state,
    likely_cause: row.likelyCause,
    verified_as_of: date(row.verifiedAsOf),
    verified_sellable: row.verifiedSellable,
    recount_wanted_at: date(row.recountWantedAt),
    accepted_at: date(row.acceptedAt),
    booked_at: date(row.bookedAt),
    booked_units: row.bookedUnits,
    updated_at: date(row.updatedAt),
  }));
  await client.query({
    name: "keeper_write_levels",
    text: WRITE_LEVELS,
    values: [key.sellerId, key.code, JSON.stringify(stored)],
  });
}

const STORED = `location, sku, item, sellable, held, allocated, allocated_ours, allocated_strikes, as_of_from, as_of_to, expected, expected_held, drift, drift_held,
  strikes, first_drift_at, state, likely_cause, verified_as_of, verified_sellable, recount_wanted_at, accepted_at, booked_at,
  booked_units, updated_at`;

const CHANGED = STORED.split(",")
  .map((column) => column.trim())
  .slice(2);

const WRITE_LEVELS = `
  insert into keeper_level (seller_id, connection, ${STORED})
  select $1, $2, ${STORED} from json_populate_recordset(null::keeper_level, $3::json)
  on conflict (seller_id, connection, location, sku) do update set
    ${CHANGED.map((column) => `${column} = excluded.${column}`).join(", ")}`;

/** A place with the time that a level of it is about, the clocks' difference included. */
export interface PlaceAt extends LevelPlace {
  readonly from: Instant;
  readonly to: Instant;
}

/** What the ledger has; what only differences need (left by a channel's word) is read apart. */
export type LedgerPlace = LevelPlace & Omit<LedgerLevel, "unconfirmedLeft" | "isUntouched">;

interface LedgerRow {
  readonly sku: string;
  readonly location: string;
  readonly sellable: number;
  readonly damaged: number;
  readonly quality_control: number;
  readonly available: number;
  readonly committed: number;
  readonly incoming: number;
  readonly returning: number;
  readonly came: number;
  readonly went: number;
  readonly unlinked: number;
}

/** One statement for any number of places, in the order given. */
export async function readLedgerPlaces(
  client: pg.PoolClient,
  key: ConnectionKey,
  places: readonly PlaceAt[],
): Promise<readonly LedgerPlace[]> {
  if (places.length === 0) return [];
  const { rows } = await client.query<LedgerRow>({
    name: "keeper_read_ledger_places",
    text: READ_LEDGER_PLACES,
    values: [
      key.sellerId,
      key.code,
      places.map(({ sku }) => sku),
      places.map(({ location }) => location),
      places.map(({ from }) => new Date(from)),
      places.map(({ to }) => new Date(to)),
    ],
  });
  return rows.map((row) => ({
    sku: row.sku,
    location: row.location,
    sellable: row.sellable,
    damaged: row.damaged,
    qualityControl: row.quality_control,
    inside: { came: row.came, went: row.went },
    available: row.available,
    committed: row.committed,
    incoming: row.incoming,
    returning: row.returning,
    unlinkedPicks: row.unlinked,
  }));
}

/** A pick that no shipment belonged to for so long was for no order: it explains no difference any more. */
const PICK_WAITS = "3 days";

/** Units of a bucket at the place as of the time told: those of now, less what moved since by its time of occurrence. */
const AS_OF = (bucket: string): string => `
  coalesce(sum(u.units - u.since) filter (where u.bucket = '${bucket}' and u.location = k.location), 0)::int8 as ${bucket}`;

const POOL = (bucket: string): string =>
  `coalesce(sum(u.units) filter (where u.bucket = '${bucket}'), 0)::int8 as ${bucket}`;

const READ_LEDGER_PLACES = `
  select k.sku, k.location, b.*, coalesce((
      select sum(p.open_units) from keeper_unlinked p
      where p.seller_id = $1 and p.connection = $2 and p.location = k.location and p.sku = k.sku and p.side = 'pick'
        and p.open_units > 0 and p.occurred_at > k.to_at - interval '${PICK_WAITS}'), 0)::int8 as unlinked
  from unnest($3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[]) with ordinality as k (sku, location, from_at, to_at, place)
  cross join lateral (
    select ${AS_OF("sellable")}, ${AS_OF("damaged")},
      coalesce(sum(u.units) filter (where u.bucket = 'quality_control' and u.location = k.location), 0)::int8 as quality_control,
      coalesce(sum(u.units) filter (where u.bucket = 'incoming' and u.location = k.location), 0)::int8 as incoming,
      ${POOL("committed")}, ${POOL("returning")},
      (coalesce(sum(u.units) filter (where u.bucket = 'sellable' and u.is_own), 0)
        - coalesce(sum(u.units) filter (where u.bucket in ('reserved', 'committed')), 0))::int8 as available,
      coalesce(sum(u.came), 0)::int8 as came, coalesce(sum(u.went), 0)::int8 as went
    from (
      select a.bucket, a.location, coalesce(last.after, 0) as units, coalesce(m.since, 0) as since, m.came, m.went,
        coalesce(l.kind <> 'channel', false) as is_own
      from account a
      left join location l on l.seller_id = $1 and l.code = a.location
      left join lateral (
        select m.after from movement m where m.seller_id = $1 and (m.account_id + 0) = a.account_id
        order by m.prev_seq desc nulls last, m.prev_leg desc nulls last limit 1
      ) last on true
      left join lateral (
        select sum(m.units) filter (where m.occurred_at > k.to_at) as since,
          sum(m.units) filter (where m.occurred_at <= k.to_at and m.units > 0 and a.bucket = 'sellable') as came,
          -sum(m.units) filter (where m.occurred_at <= k.to_at and m.units < 0 and a.bucket = 'sellable') as went
        from movement m
        where a.location = k.location and a.bucket in ('sellable', 'damaged')
          and m.seller_id = $1 and m.account_id = a.account_id and m.occurred_at is not null and m.occurred_at >= k.from_at
      ) m on true
      where a.seller_id = $1 and a.sku = k.sku
    ) u
  ) b
  order by k.place`;
