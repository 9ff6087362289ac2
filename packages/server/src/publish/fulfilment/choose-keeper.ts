import type { Units } from "@onepool/core/ledger/units.ts";
import type { LineUnits } from "@onepool/core/publish/fulfilment/order-need.ts";
import type pg from "pg";

import type { GivingKeeper } from "./giving-keepers.ts";
import { itemOf } from "./item-of.ts";
import type { ItemLine } from "./keeper-order-store.ts";

/** Who ships, from which of its places, and what it calls the units. */
export interface ChosenKeeper {
  readonly keeper: GivingKeeper;
  readonly facility: string;
  readonly items: readonly ItemLine[];
}

/**
 * The first place, by keeper and facility, at which everything lies; where none has all of it, the first of all: what is missing
 * may be on its way, and the keeper says so if not.
 */
export async function chooseKeeper(
  client: pg.ClientBase,
  sellerId: number,
  wanted: { readonly keepers: readonly GivingKeeper[]; readonly lines: readonly LineUnits[] },
): Promise<ChosenKeeper | null> {
  const { keepers, lines } = wanted;
  const places = keepers.flatMap((keeper) =>
    [...keeper.map.locations].map(([facility, location]) => ({ keeper, facility, location })),
  );
  const [first] = places;
  if (first === undefined) return null;
  const chosen =
    places.length === 1 ? first : ((await whereAllLies(client, sellerId, places, lines)) ?? first);
  return {
    keeper: chosen.keeper,
    facility: chosen.facility,
    items: lines.map(({ lineId, sku, units }) => ({ lineId, item: itemOf(chosen.keeper.map, sku), units })),
  };
}

async function whereAllLies<Place extends { readonly location: string }>(
  client: pg.ClientBase,
  sellerId: number,
  places: readonly Place[],
  lines: readonly LineUnits[],
): Promise<Place | undefined> {
  const needed = new Map<string, Units>();
  for (const { sku, units } of lines) needed.set(sku, (needed.get(sku) ?? 0) + units);
  const { rows } = await client.query<{ sku: string; location: string; units: Units }>({
    name: "fulfil_sellable",
    text: `select a.sku, a.location, b.units from account a
      cross join lateral (
        select m.after as units from movement m
        where m.seller_id = a.seller_id and (m.account_id + 0) = a.account_id
        order by m.prev_seq desc nulls last, m.prev_leg desc nulls last limit 1
      ) b
      where a.seller_id = $1 and a.sku = any($2) and a.location = any($3) and a.bucket = 'sellable'`,
    values: [sellerId, [...needed.keys()], places.map(({ location }) => location)],
  });
  const lies = new Map(rows.map(({ sku, location, units }) => [`${location}\u001f${sku}`, units] as const));
  return places.find(({ location }) =>
    [...needed].every(([sku, units]) => (lies.get(`${location}\u001f${sku}`) ?? 0) >= units),
  );
}
