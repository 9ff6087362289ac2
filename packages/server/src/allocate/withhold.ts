import type { Withhold } from "@onepool/core/ledger/command.ts";
import type { Units } from "@onepool/core/ledger/units.ts";
import { exposedUnits } from "@onepool/core/publish/may-write.ts";

import type { Ledger } from "../ledger/ledger.ts";
import type { ScarceListing } from "./scarce-listings.ts";

/** Withheld of a pool while nobody knows what one of its listings shows: more than any pool has. */
const ALL_OF_IT = 1_000_000_000_000;

/** Asked for at a time: other commands of the seller come in between. */
const AT_ONCE = 200;

/**
 * Has the ledger withhold units of pools from reservations; answers whether all of it was accepted. Asked under the deal's lock,
 * so that nobody else reckons with another sum of exposures meanwhile. Waiting for the ledger under the lock ends: it writes
 * over connections of its own and takes the seller's head and its own rows, never the lock nor anything written under it.
 */
export async function withhold(
  ledger: Pick<Ledger, "submit">,
  sellerId: number,
  asks: readonly Omit<Withhold, "kind">[],
): Promise<boolean> {
  for (let start = 0; start < asks.length; start += AT_ONCE) {
    const commands = asks
      .slice(start, start + AT_ONCE)
      .map((ask): Withhold => ({ kind: "withhold", ...ask }));
    const answer = await ledger.submit({ sellerId, commands });
    if (answer.kind !== "done" || !answer.results.every(({ ok }) => ok)) return false;
  }
  return true;
}

/** What has to change for scarce pools to be withheld as far as buyers may still take of them, and other pools not at all. */
export function withholdings(
  scarce: ReadonlySet<string>,
  listings: readonly ScarceListing[],
  withheld: ReadonlyMap<string, Units>,
): Omit<Withhold, "kind">[] {
  return [...new Set([...scarce, ...withheld.keys()])].flatMap((sku) => {
    const was = withheld.get(sku) ?? 0;
    const units = scarce.has(sku) ? Math.min(ALL_OF_IT, exposedUnits(listings, sku)) : 0;
    return units === was ? [] : [{ sku, units, was, as: "fact" }];
  });
}
