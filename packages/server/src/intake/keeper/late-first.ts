import type { Place } from "@onepool/core/intake/keeper/booking.ts";
import { lateCounts } from "@onepool/core/intake/keeper/late-counts.ts";
import type { Command } from "@onepool/core/ledger/command.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

import type { ApplyContext } from "./apply-context.ts";
import { readLevels } from "./keeper-level-store.ts";

/** The commands of a fact, behind counts of what keeper and ledger agreed on after it happened. */
export async function lateFirst(
  { client, key, capability }: ApplyContext,
  places: readonly Place[],
  occurredAt: Instant,
  commands: readonly Command[],
): Promise<readonly Command[]> {
  if (commands.length === 0) return commands;
  const verified = (await readLevels(client, key, places)).flatMap((row) =>
    row.verifiedAsOf === null || row.verifiedSellable === null
      ? []
      : [{ sku: row.sku, location: row.location, asOf: row.verifiedAsOf, sellable: row.verifiedSellable }],
  );
  const moves = places.map(({ sku, location }) => ({ sku, location, occurredAt }));
  return [...lateCounts(key.code, verified, moves, capability.clockSkewMs), ...commands];
}
