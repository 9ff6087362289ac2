import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { Keeper } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { Outcome } from "@onepool/connectors/contract/outcome.ts";
import { backoffMs } from "@onepool/core/intake/backoff.ts";

import type { KeeperRegistry, OpenKeeper } from "../../connections/keeper-registry.ts";
import type { Log } from "../../log/log.ts";
import type { CommandEnd, KeeperCommand } from "./command-store.ts";

export interface TellerOptions {
  readonly registry: KeeperRegistry;
  readonly clock: { now(): number };
  readonly log: Log;
}

/** How one kind of command is told; a method is absent where the keeper takes no such thing. */
export interface Telling {
  readonly create: (() => Promise<Outcome<string>>) | undefined;
  readonly cancel: (() => Promise<Outcome<"cancelled" | "too_late" | "unknown">>) | undefined;
  /** What it is, for people: "order 123 of amazon". */
  readonly subject: string;
}

const BACKOFF = { firstMs: 2_000, longestMs: 15 * 60_000 };

/** An account that the keeper does not let in, or a connection that is not live, is tried again this much later, in milliseconds. */
const CLOSED_MS = 60_000;

/** Answers in a row that make no sense until a person has to look. */
const SENSELESS_MAX = 6;

/** How long something may still turn up that we asked for without getting an answer, in milliseconds. */
const TURNS_UP_WITHIN_MS = 60_000;

/** Tells keepers what they are to do, within their budgets, and says what came of it. */
export class Teller {
  private readonly options: TellerOptions;

  constructor(options: TellerOptions) {
    this.options = options;
  }

  /** `about`: which of the keeper's ways. `tellingOf`: the calls for this command, at the keeper as it is opened. */
  async tell(
    command: KeeperCommand,
    about: "orders" | "inbounds",
    tellingOf: (keeper: Keeper) => Telling,
  ): Promise<CommandEnd> {
    const { registry } = this.options;
    const { sellerId, connection, state } = command;
    const open = await registry.open(sellerId, connection);
    if (open === null) return this.stays(command, `There is no keeper ${connection} any more.`, CLOSED_MS);
    // It asks by itself, whatever was mended or taken back.
    if (open.capability[about] === "fetched") return this.leaves(command);
    if (open.row.mode !== "live")
      return this.stays(command, `${connection} is not live: set its mode to live.`, CLOSED_MS);
    if (!open.keeper.ok) return this.stays(command, open.keeper.error.message, CLOSED_MS);
    const { taken, waitMs } = open.budgets.take("writes", 1);
    if (taken === 0) return this.stays(command, "Waits for a call that the keeper allows.", waitMs);
    const telling = tellingOf(open.keeper.value);
    return state === "wanted" ? this.create(open, command, telling) : this.cancel(open, command, telling);
  }

  private async create(open: OpenKeeper, command: KeeperCommand, telling: Telling): Promise<CommandEnd> {
    const { create, subject } = telling;
    if (create === undefined)
      return refused(command, subject, `${open.capability.title} takes nothing of the kind from us.`);
    const answer = await create();
    if (!answer.ok) return this.failed(open, command, { error: answer.error, subject });
    open.budgets.worked("writes");
    return { from: command.state, state: "sent", keeperId: answer.value, error: null, nextAttemptAt: null };
  }

  private async cancel(open: OpenKeeper, command: KeeperCommand, telling: Telling): Promise<CommandEnd> {
    const { clock } = this.options;
    const { state: from, keeperId, isSent, attempts } = command;
    const { cancel, subject } = telling;
    const answer = cancel === undefined ? ({ ok: true, value: "too_late" } as const) : await cancel();
    if (!answer.ok) return this.failed(open, command, { error: answer.error, subject });
    open.budgets.worked("writes");
    // We may have asked for it without hearing the answer: it can still turn up, so it is looked for once more.
    if (answer.value === "unknown" && !isSent && attempts === 0) {
      const nextAttemptAt = clock.now() + TURNS_UP_WITHIN_MS;
      return { from, state: from, keeperId, error: null, nextAttemptAt };
    }
    if (answer.value !== "too_late")
      return { from, state: "cancelled", keeperId, error: null, nextAttemptAt: null };
    const error = `${command.connection} goes on with ${subject} although it was cancelled: it was too late to stop it.`;
    return { from, state: "too_late", keeperId, error, nextAttemptAt: null };
  }

  private failed(
    open: OpenKeeper,
    command: KeeperCommand,
    { error, subject }: { readonly error: ConnectorError; readonly subject: string },
  ): CommandEnd {
    const { clock, log } = this.options;
    const { state: from, attempts, reference, sellerId: seller, connection } = command;
    const said = { stage: "publish", seller, connection, reference, reason: error.message };
    log.warn(said, "a keeper was not told");
    if (error.kind === "throttled") open.budgets.throttled("writes", error.retryAfterMs);
    const isSenseless = error.kind === "bug" && attempts >= SENSELESS_MAX;
    const isFinal = error.kind === "rejected" || error.kind === "not_found" || isSenseless;
    if (isFinal && from === "wanted") return refused(command, subject, error.message);
    const waitMs = Math.max(error.retryAfterMs ?? 0, backoffMs(attempts + 1, Math.random(), BACKOFF));
    const nextAttemptAt = clock.now() + waitMs;
    return { from, state: from, keeperId: null, error: error.message, nextAttemptAt };
  }

  private leaves({ state: from, keeperId }: KeeperCommand): CommandEnd {
    return { from, state: from, keeperId, error: null, nextAttemptAt: null, isUncounted: true };
  }

  private stays({ state: from }: KeeperCommand, error: string, inMs: number): CommandEnd {
    const nextAttemptAt = this.options.clock.now() + inMs;
    return { from, state: from, keeperId: null, error, nextAttemptAt, isUncounted: true };
  }
}

/** Nothing is tried again by itself: somebody has to mend what the keeper did not like. */
function refused({ state: from, connection }: KeeperCommand, subject: string, reason: string): CommandEnd {
  const error = `${connection} does not take ${subject}: ${reason}`;
  return { from, state: "refused", keeperId: null, error, nextAttemptAt: null };
}
