import type { Bucket } from "@onepool/core/ledger/bucket.ts";
import type { Json } from "@onepool/core/ledger/json.ts";
// Brings what a batch asked for and the cache did not hold from the database into it, in one round trip.
import { keyOf, type SkuAccounts } from "@onepool/core/ledger/ledger-state.ts";
import type { LedgerKeys, MissingKeys } from "@onepool/core/ledger/missing-keys.ts";
import type {
  InboundRecord,
  InboundStatus,
  ReservationState,
  UnmappedLine,
} from "@onepool/core/ledger/records.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import type { Statement, Step, StepResult } from "./burst.ts";
import * as load from "./load-statements.ts";
import type { SellerCache, SkuTips } from "./seller-cache.ts";
import { decodeOrder } from "./stored-order.ts";
import { int8Array, textArray, type Value } from "./wire-buffer.ts";

/** A statement to send and what to do with its rows. */
export interface Loading {
  readonly step: Step;
  keep(result: StepResult): void;
}

type Row = readonly (string | null)[];
type Ids = readonly (readonly string[])[];

/** Everything missing but what is left out, as statements. */
export function loadingsOf(
  sellerId: number,
  cache: SellerCache,
  missing: LedgerKeys,
  without: readonly (keyof MissingKeys)[] = [],
): Loading[] {
  const loadings: Loading[] = [];
  for (const kind of Object.keys(KINDS) as (keyof MissingKeys)[]) {
    if (without.includes(kind)) continue;
    const ids = missing.of(kind);
    if (ids.length > 0) loadings.push(KINDS[kind](sellerId, cache, ids));
  }
  return loadings;
}

type Loader = (sellerId: number, cache: SellerCache, ids: Ids) => Loading;

const KINDS: Record<keyof MissingKeys, Loader> = {
  skus: rows(
    load.LOAD_SKUS,
    ({ state }) => state.skus,
    ([sku, attributes, updatedSeq]) => [
      text(sku),
      { sku: text(sku), attributes: json(attributes), updatedSeq: Number(updatedSeq) },
    ],
  ),
  locations: rows(
    load.LOAD_LOCATIONS,
    ({ state }) => state.locations,
    ([code, kind, title, serves, updatedSeq]) => [
      text(code),
      {
        code: text(code),
        kind: text(kind),
        title: text(title),
        serves: serves === null || serves === undefined ? null : json(serves),
        updatedSeq: Number(updatedSeq),
      },
    ],
  ),
  connections: rows(
    load.LOAD_CONNECTIONS,
    ({ state }) => state.connections,
    ([code, kind, mode, settings, credentials, since, updatedSeq]) => [
      text(code),
      {
        code: text(code),
        kind: text(kind),
        mode: text(mode),
        settings: json(settings),
        credentials: credentials?.replaceAll("\n", "") ?? null,
        since: numberOrNull(since),
        updatedSeq: Number(updatedSeq),
      },
    ],
  ),
  listings: rows(
    load.LOAD_LISTINGS,
    ({ state }) => state.listings,
    ([connection, externalId, components, settings, updatedSeq]) => [
      keyOf(text(connection), text(externalId)),
      {
        connection: text(connection),
        externalId: text(externalId),
        components: json(components),
        settings: json(settings),
        updatedSeq: Number(updatedSeq),
      },
    ],
  ),
  orders: rows(
    load.LOAD_ORDERS,
    ({ state }) => state.orders,
    ([channel, orderId, state]) => [
      keyOf(text(channel), text(orderId)),
      decodeOrder(text(channel), text(orderId), json(state)),
    ],
  ),
  reservations: rows(
    load.LOAD_RESERVATIONS,
    ({ state }) => state.reservations,
    ([reservationId, state, expiresAt, body, firstSeq, lastSeq]) => [
      text(reservationId),
      {
        reservationId: text(reservationId),
        state: text<ReservationState>(state),
        expiresAt: Number(expiresAt),
        ...json<{ asked: Record<string, Json>; components: { sku: string; units: Units }[] }>(body),
        firstSeq: Number(firstSeq),
        lastSeq: Number(lastSeq),
      },
    ],
  ),
  withheld: rows(
    load.LOAD_WITHHELD,
    ({ state }) => state.withheldUnits,
    ([sku, units, updatedSeq]) => [
      text(sku),
      { sku: text(sku), units: Number(units), updatedSeq: Number(updatedSeq) },
    ],
  ),
  inbounds: rows(
    load.LOAD_INBOUNDS,
    ({ state }) => state.inbounds,
    ([inboundId, location, status, expectedAt, state, updatedSeq]) => [
      text(inboundId),
      {
        inboundId: text(inboundId),
        location: text(location),
        status: text<InboundStatus>(status),
        expectedAt: numberOrNull(expectedAt),
        ...json<Pick<InboundRecord, "from" | "lines">>(state),
        updatedSeq: Number(updatedSeq),
      },
    ],
  ),
  externalEntries: rows(
    load.LOAD_EXTERNAL_ENTRIES,
    ({ state }) => state.externalEntries,
    ([kind, externalId, seq, contentHash]) => [
      keyOf(text(kind), text(externalId)),
      { seq: Number(seq), contentHash: text(contentHash) },
    ],
  ),
  alerts: rows(
    load.LOAD_ALERTS,
    ({ state }) => state.alerts,
    ([kind, subject, severity, body]) => [
      keyOf(text(kind), text(subject)),
      { kind: text(kind), subject: text(subject), severity: text(severity), ...json<AlertBody>(body) },
    ],
  ),
  accounts: loadAccounts,
  counts: loadCounts,
  movedAfter: loadMovedAfter,
  unmapped: loadUnmapped,
};

interface AlertBody {
  readonly sku: string | null;
  readonly channel: string | null;
  readonly orderId: string | null;
  readonly lineId: string | null;
  readonly units: Units;
  readonly message: string;
}

/** A kind with one row per id: what is not found is remembered as null. */
function rows<V>(
  statement: Statement,
  tableOf: (cache: SellerCache) => Map<string, V | null>,
  decode: (row: Row) => readonly [key: string, value: V],
): Loader {
  return (sellerId, cache, ids) => ({
    step: { statement, values: [sellerId, ...columns(ids)] },
    keep({ rows: found }) {
      const table = tableOf(cache);
      const values = new Map(found.map(decode));
      for (const id of ids) {
        const key = idKey(id);
        if (!table.has(key)) table.set(key, values.get(key) ?? null);
      }
    },
  });
}

function loadAccounts(sellerId: number, { state, tips }: SellerCache, ids: Ids): Loading {
  return {
    step: { statement: load.LOAD_ACCOUNTS, values: [sellerId, ...columns(ids)] },
    keep({ rows: found }) {
      const accounts = new Map<string, SkuAccounts>(ids.map((id) => [text(id[0]), new Map()]));
      const ends = new Map<string, SkuTips>(ids.map((id) => [text(id[0]), new Map()]));
      for (const [sku, location, bucket, accountId, seq, leg, after] of found) {
        const key = keyOf(text(location), text(bucket));
        const units = Number(after ?? 0);
        accounts.get(text(sku))?.set(key, { location: text(location), bucket: text<Bucket>(bucket), units });
        ends.get(text(sku))?.set(key, {
          accountId: Number(accountId),
          seq: numberOrNull(seq),
          leg: numberOrNull(leg),
          after: units,
        });
      }
      for (const [sku, skuAccounts] of accounts) {
        if (state.accounts.has(sku)) continue;
        state.accounts.set(sku, skuAccounts);
        tips.set(sku, ends.get(sku) ?? new Map());
      }
    },
  };
}

function loadCounts(sellerId: number, { state }: SellerCache, ids: Ids): Loading {
  return {
    step: { statement: load.LOAD_COUNTS, values: [sellerId, ...columns(ids)] },
    keep({ rows: found }) {
      const counts = grouped<Instant>(found, ([sku, location, bucket, asOf]) => [
        keyOf(text(sku), text(location), text(bucket)),
        Number(asOf),
      ]);
      for (const id of ids) keepIfAbsent(state.counts, idKey(id), counts.get(idKey(id)) ?? []);
    },
  };
}

/** Sums are of what is in the database, so nothing may be on its way there: the writer waits for that first. */
function loadMovedAfter(sellerId: number, { state }: SellerCache, ids: Ids): Loading {
  const [skus, locations, buckets] = columns(ids);
  const instants = int8Array(ids, (id) => Number(id[3]));
  return {
    step: {
      statement: load.LOAD_MOVED_AFTER,
      values: [sellerId, skus ?? "", locations ?? "", buckets ?? "", instants],
    },
    keep({ rows: found }) {
      for (const [sku, location, bucket, instant, units] of found) {
        const key = keyOf(text(sku), text(location), text(bucket));
        let sums = state.movedAfter.get(key);
        if (sums === undefined) state.movedAfter.set(key, (sums = new Map()));
        if (!sums.has(Number(instant))) sums.set(Number(instant), Number(units));
      }
    },
  };
}

function loadUnmapped(sellerId: number, { state }: SellerCache, ids: Ids): Loading {
  return {
    step: { statement: load.LOAD_UNMAPPED, values: [sellerId, ...columns(ids)] },
    keep({ rows: found }) {
      const lines = grouped<UnmappedLine>(found, ([names, code, channel, orderId, lineId]) => [
        keyOf(text(names), text(code)),
        {
          names: text<"sku" | "listing">(names),
          code: text(code),
          channel: text(channel),
          orderId: text(orderId),
          lineId: text(lineId),
        },
      ]);
      for (const id of ids) keepIfAbsent(state.unmapped, idKey(id), lines.get(idKey(id)) ?? []);
    },
  };
}

/** The state's key of an id, whatever its number of parts. */
function idKey(id: readonly string[]): string {
  return id.join("\u001f");
}

function keepIfAbsent<V>(table: Map<string, V>, key: string, value: V): void {
  if (!table.has(key)) table.set(key, value);
}

function grouped<V>(found: readonly Row[], decode: (row: Row) => readonly [string, V]): Map<string, V[]> {
  const groups = new Map<string, V[]>();
  for (const row of found) {
    const [key, value] = decode(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** Ids as one text column per part; an instant among them is encoded by its loader. */
function columns(ids: Ids): Value[] {
  const width = ids[0]?.length ?? 0;
  return Array.from({ length: width }, (_, part) => textArray(ids, (id) => id[part] ?? ""));
}

function text<T extends string = string>(value: string | null | undefined): T {
  return (value ?? "") as T;
}

function numberOrNull(value: string | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function json<T>(value: string | null | undefined): T {
  return JSON.parse(value ?? "null") as T;
}
