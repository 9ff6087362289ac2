// The chain of a SKU as people read it: each entry with what it made of the numbers.
import { isPhysical } from "@onepool/core/ledger/bucket.ts";
import type { Units } from "@onepool/core/ledger/units.ts";
import type { z } from "zod";

import type { ChainEntry, ChainLeg } from "../../ledger/read/explain-store.ts";
import type { PoolNumbers } from "../../ledger/read/pool-numbers.ts";
import type { chainEntry } from "../routes/explain-sku/schema.ts";
import { instantText } from "./instant-text.ts";

interface Sums {
  readonly available: Units;
  readonly onHand: Units;
}

/** Entries newest first, reckoned back from the numbers after the newest. */
export function chainView(
  entries: readonly ChainEntry[],
  numbers: PoolNumbers,
): z.output<typeof chainEntry>[] {
  let after: Sums = numbers;
  return entries.map((entry) => {
    const change = changeOf(entry.legs);
    const before = { available: after.available - change.available, onHand: after.onHand - change.onHand };
    const view = entryView(entry, before, after);
    after = before;
    return view;
  });
}

function entryView(entry: ChainEntry, before: Sums, after: Sums): z.output<typeof chainEntry> {
  const { seq, kind, channel, orderId, status, source, reservationId, externalId, reason } = entry;
  return {
    seq,
    kind,
    recordedAt: instantText(entry.recordedAt),
    occurredAt: instantText(entry.occurredAt),
    channel,
    orderId,
    status,
    source,
    reservationId,
    externalId,
    reason,
    available: { before: before.available, after: after.available },
    onHand: { before: before.onHand, after: after.onHand },
    legs: entry.legs.map(legView),
  };
}

function legView(leg: ChainLeg): z.output<typeof chainEntry>["legs"][number] {
  const { bucket, location, units, before, after, counterpart, lineId, reason } = leg;
  return {
    bucket,
    location: location === "" ? null : location,
    units,
    before,
    after,
    counterpart,
    lineId,
    reason,
  };
}

/** What legs make of a pool: those at a channel's location are none of it. */
function changeOf(legs: readonly ChainLeg[]): Sums {
  let available = 0;
  let onHand = 0;
  for (const { bucket, locationKind, units } of legs) {
    if (locationKind === "channel") continue;
    if (isPhysical(bucket)) onHand += units;
    if (bucket === "sellable") available += units;
    else if (bucket === "reserved" || bucket === "committed") available -= units;
  }
  return { available, onHand };
}
