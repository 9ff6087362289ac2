import type { Instant } from "@onepool/core/ledger/units.ts";

import type { Collected } from "../contract/keeper/keeper.ts";
import { type Outcome, succeeded } from "../contract/outcome.ts";
import type { ShipBobClient } from "./client.ts";
import {
  facilityDue,
  nextPlace,
  openRound,
  packed,
  type Place,
  unpacked,
  windowOf,
} from "./history-cursor.ts";
import type { InventoryDirectory } from "./inventory-directory.ts";
import { toMovement } from "./to-movement.ts";
import { historySchema, type WireEvent } from "./wire.ts";

export interface LogReader {
  readonly client: ShipBobClient;
  readonly directory: InventoryDirectory;
  readonly facilities: readonly string[];
  readonly clock: { now(): number };
}

/** One page of one facility's log; `hasMore` until all facilities have been read up to the time that the round began. */
export async function collectMovements(
  reader: LogReader,
  query: { readonly cursor: string | null; readonly since: Instant },
): Promise<Outcome<Collected>> {
  const { facilities, since, now } = { ...reader, ...query, now: reader.clock.now() };
  const round = openRound(unpacked(query.cursor), { facilities, since, now });
  const due = facilityDue(round);
  if (due === null) return succeeded({ facts: [], cursor: packed(round), hasMore: false });
  const [facility, place] = due;
  const page = await reader.client.call(historySchema, {
    method: "POST",
    isRead: true,
    path: "/inventory/history:query",
    json: questionOf(facility, place, round.until),
  });
  if (!page.ok) return page;
  const { data: events, next } = page.value;
  const facts = await factsOf(reader.directory, events, facility);
  if (!facts.ok) return facts;
  const lastId =
    next === null || next === undefined ? null : (events.at(-1)?.inventory_audit_event_id ?? null);
  const after = nextPlace(round, facility, lastId);
  return succeeded({
    facts: facts.value,
    cursor: packed(after),
    hasMore: facilityDue(after) !== null,
  });
}

function questionOf(facility: string, place: Place, until: Instant): object {
  const { from, to } = windowOf(place, until);
  return {
    facility_id: Number(facility),
    start_date: new Date(from).toISOString(),
    end_date: new Date(to).toISOString(),
    ...(place.after === null ? {} : { cursor: place.after }),
  };
}

async function factsOf(
  directory: InventoryDirectory,
  events: readonly WireEvent[],
  facility: string,
): Promise<Outcome<Collected["facts"]>> {
  const nameless: string[] = [];
  for (const event of events) {
    const sku = event.decrement?.sku ?? event.increment?.sku;
    if (sku === null || sku === undefined) nameless.push(event.inventory_id);
    else directory.learn(event.inventory_id, sku);
  }
  const itemOf = await directory.itemsOf(nameless);
  if (!itemOf.ok) return itemOf;
  return succeeded(
    events.flatMap((event) => toMovement(event, facility, itemOf.value(event.inventory_id)) ?? []),
  );
}
