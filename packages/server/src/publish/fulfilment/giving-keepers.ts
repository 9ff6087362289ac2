// Keepers that are given the orders of some channels, as their connections are set.
import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import { type KeeperMap, readKeeperMap } from "@onepool/core/intake/keeper/keeper-map.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

/** A keeper that ships for some channels. */
export interface GivingKeeper {
  readonly connection: string;
  readonly kind: KeeperKind;
  readonly map: KeeperMap;
  readonly channels: readonly string[];
  /** Orders placed before it are shipped the way they were before: the keeper may have them already. */
  readonly since: Instant;
}

interface Row {
  readonly code: string;
  readonly kind: string;
  readonly settings: unknown;
  readonly since: Date;
}

/** The seller's keepers in live mode that take orders, by code. */
export async function readGivingKeepers(
  client: pg.ClientBase | pg.Pool,
  sellerId: number,
  kinds: ReadonlyMap<string, KeeperKind>,
): Promise<GivingKeeper[]> {
  const taking = [...kinds.values()].filter(({ capability }) => capability.orders !== "none");
  const { rows } = await client.query<Row>({
    name: "fulfil_keepers",
    text: `select c.code, c.kind, c.settings, coalesce(c.since, e.recorded_at) as since
      from connection c join entry e on e.seller_id = c.seller_id and e.seq = c.created_seq
      where c.seller_id = $1 and c.mode = 'live' and c.kind = any($2) and c.settings ->> 'sendsOrders' is not null
      order by c.code`,
    values: [sellerId, taking.map(({ capability }) => capability.kind)],
  });
  return rows.flatMap((row) => {
    const kind = kinds.get(row.kind);
    const map = readKeeperMap(row.settings);
    if (kind === undefined || map.sendsOrders === null || map.sendsOrders.length === 0) return [];
    const { sendsOrders: channels } = map;
    return [{ connection: row.code, kind, map, channels, since: row.since.getTime() }];
  });
}
