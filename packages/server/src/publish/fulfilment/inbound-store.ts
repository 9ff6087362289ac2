// Deliveries that keepers are to expect: what the ledger has of them, and what keepers were told.
import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import { type KeeperMap, readKeeperMap } from "@onepool/core/intake/keeper/keeper-map.ts";
import type { InboundStatus } from "@onepool/core/ledger/records.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

/** What a keeper was told of a delivery. */
export interface ToldInbound {
  readonly reference: string;
  readonly state: "wanted" | "sent" | "cancelling" | "cancelled" | "too_late" | "refused";
  readonly lines: readonly { readonly sku: string; readonly units: Units }[];
}

/** A delivery to one of a keeper's places, with what the keeper was told of it, oldest first. */
export interface KeeperDelivery {
  readonly sellerId: number;
  readonly inboundId: string;
  readonly connection: string;
  readonly kind: string;
  readonly map: KeeperMap;
  readonly facility: string;
  readonly status: InboundStatus;
  readonly expectedAt: Instant | null;
  readonly createdSeq: number;
  readonly expected: readonly { readonly sku: string; readonly units: Units }[];
  readonly told: readonly ToldInbound[];
}

interface Row {
  readonly sellerId: number;
  readonly inboundId: string;
  readonly location: string;
  readonly status: InboundStatus;
  readonly expectedAt: Date | null;
  readonly createdSeq: number;
  readonly expected: KeeperDelivery["expected"];
  readonly told: readonly ToldInbound[];
}

/**
 * Deliveries announced, or once told and since ended, of one seller's keeper. Those that the keeper told us of by itself are not
 * among them: it knows.
 */
const READ = `
  select i.seller_id as "sellerId", i.inbound_id as "inboundId", i.location, i.status, i.expected_at as "expectedAt",
    i.created_seq as "createdSeq",
    coalesce((
      select json_agg(json_build_object('sku', l.sku, 'units', l.expected) order by l.sku)
      from inbound_line l where l.seller_id = i.seller_id and l.inbound_id = i.inbound_id and l.expected > 0), '[]'::json) as expected,
    coalesce((
      select json_agg(json_build_object('reference', k.reference, 'state', k.state, 'lines', k.lines) order by k.created_at, k.reference)
      from keeper_inbound k where k.seller_id = i.seller_id and k.inbound_id = i.inbound_id), '[]'::json) as told
  from inbound i
  where i.seller_id = $1 and i.location = any($2)
    and (i.status = 'announced' or (i.status = 'cancelled' and exists (
      select from keeper_inbound k where k.seller_id = i.seller_id and k.inbound_id = i.inbound_id and k.state in ('wanted', 'sent'))))
    and not exists (
      select from keeper_document d
      where d.seller_id = i.seller_id and d.connection = $3 and d.kind = 'inbound' and d.keeper_id = i.inbound_id)`;

/** Keepers in live mode that are told of deliveries, of every seller. */
export async function readDeliveries(
  pool: pg.Pool,
  kinds: ReadonlyMap<string, KeeperKind>,
): Promise<KeeperDelivery[]> {
  const told = [...kinds.values()].filter(({ capability }) => capability.inbounds !== "none");
  const { rows } = await pool.query<{ seller_id: number; code: string; kind: string; settings: unknown }>({
    name: "fulfil_inbound_keepers",
    text: "select seller_id, code, kind, settings from connection where kind = any($1) and mode = 'live' order by seller_id, code",
    values: [told.map(({ capability }) => capability.kind)],
  });
  const deliveries: KeeperDelivery[] = [];
  for (const { seller_id: sellerId, code: connection, kind, settings } of rows) {
    const map = readKeeperMap(settings);
    const facilities = new Map(
      [...map.locations].map(([facility, location]) => [location, facility] as const),
    );
    const found = await pool.query<Row>({
      name: "fulfil_inbounds",
      text: READ,
      values: [sellerId, [...facilities.keys()], connection],
    });
    for (const { location, expectedAt, ...row } of found.rows) {
      const facility = facilities.get(location) ?? location;
      deliveries.push({ ...row, connection, kind, map, facility, expectedAt: expectedAt?.getTime() ?? null });
    }
  }
  return deliveries;
}

/** Writes down what a keeper is to be told; nothing where another process did. */
export async function announceDelivery(
  client: pg.ClientBase,
  delivery: KeeperDelivery,
  told: {
    readonly reference: string;
    readonly items: readonly { readonly item: string; readonly units: Units }[];
    readonly isTold: boolean;
    readonly now: Instant;
  },
): Promise<void> {
  const { sellerId, inboundId, connection, facility, expected, expectedAt } = delivery;
  const at = new Date(told.now);
  await client.query(
    `insert into keeper_inbound (seller_id, inbound_id, reference, connection, facility, lines, items, expected_at, state, next_attempt_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'wanted', $9, $10) on conflict (seller_id, reference) do nothing`,
    [
      sellerId,
      inboundId,
      told.reference,
      connection,
      facility,
      JSON.stringify(expected),
      JSON.stringify(told.items),
      expectedAt === null ? null : new Date(expectedAt),
      told.isTold ? at : null,
      at,
    ],
  );
}
