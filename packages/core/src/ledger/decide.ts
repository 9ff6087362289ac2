import type { Command } from "./command.ts";
import type { Decision } from "./entry.ts";
import type { Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

/**
 * The one entrance to the rules: what a command does to a seller's ledger, as a value. Pure: reads nothing but the view,
 * changes nothing. `now` is the recorded time of the batch.
 */
export declare function decide(view: LedgerView, command: Command, now: Instant): Decision;
