// Posting one order line: the claim it should hold by what all its sources say, and the legs from what is posted to that.
import { claimLegs } from "./claim-legs.ts";
import { DEFAULT_LOCATION, EMPTY_CLAIM, claimOf, hasLeft, settledOf } from "./claim.ts";
import type { Leg } from "./entry.ts";
import { mergeSources } from "./merged-facts.ts";
import type { ClaimLine } from "./order-record.ts";
import type { Component } from "./records.ts";
import { heldFacts } from "./source-facts.ts";
import type { Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

export interface LinePosting {
  readonly channel: string;
  /** The line as it stands in the ledger; undefined for a new one. */
  readonly before: ClaimLine | undefined;
  /** The line with what is new of it. */
  readonly after: ClaimLine;
  readonly recipe: readonly Component[];
  readonly occurredAt: Instant;
}

/** The line with its claim posted under the recipe, and the legs that do it. */
export function postLine(view: LedgerView, posting: LinePosting): { line: ClaimLine; legs: Leg[] } {
  const { before, after, recipe, occurredAt } = posting;
  const { received, lineId } = after;
  const shipsFrom = shipsFromOf(view, posting.channel, after);
  const merged = mergeSources(after.sources, heldFacts);
  const claim = merged === null ? EMPTY_CLAIM : claimOf(merged, recipe, received, shipsFrom);
  const old =
    before === undefined || before.recipe === null
      ? null
      : { recipe: before.recipe, claim: before.posted, settled: settledOf(before) };
  const next = { recipe, claim, settled: settledOf(after) };
  const legs = claimLegs(view, { lineId, before: old, after: next, occurredAt });
  const line: ClaimLine = { ...after, recipe, posted: claim };
  const isFixed = after.shipsFrom !== undefined || shipsFrom === DEFAULT_LOCATION || !hasLeft(claim);
  return { line: isFixed ? line : { ...line, shipsFrom }, legs };
}

/**
 * Where units leave from that nobody named a location for: the channel's `shipsFrom`, else `main`. It is fixed with the first
 * units of the line that leave, whoever reports them: later states of the line go by it whatever their order, and a setting
 * that is changed afterwards moves nothing that left. Only another place than `main` is kept with the line, so one that had
 * units leave and keeps none left from `main`.
 */
function shipsFromOf(view: LedgerView, channel: string, line: ClaimLine): string {
  if (line.shipsFrom !== undefined) return line.shipsFrom;
  return hasLeft(line.posted) ? DEFAULT_LOCATION : shipsFromSetting(view, channel);
}

/** The channel's default location as it is set now. */
export function shipsFromSetting(view: LedgerView, channel: string): string {
  const setting = view.connection(channel)?.settings["shipsFrom"];
  return typeof setting === "string" ? setting : DEFAULT_LOCATION;
}
