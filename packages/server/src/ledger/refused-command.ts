// Which command of a submission the database refuses: found by trying the submission's beginnings in transactions that are
// taken back. Only bugs of ours lead here, so it may take its time.
import type { Command } from "@onepool/core/ledger/command.ts";
import type pg from "pg";

import { sendBurst } from "./burst.ts";
import { GuessPolicy } from "./guess.ts";
import type { LedgerContext } from "./ledger-context.ts";
import { prepareBatch } from "./prepared-batch.ts";
import { SellerCache } from "./seller-cache.ts";
import { lockHead } from "./seller-head.ts";
import type { Waiting } from "./seller-queue.ts";
import type { CommandResult } from "./submission.ts";
import { failureOf } from "./write-failure.ts";

export interface Suspect {
  readonly sellerId: number;
  readonly context: LedgerContext;
  readonly commands: readonly Command[];
  /** Commands already found. */
  readonly failed: ReadonlyMap<Command, CommandResult>;
}

/** The first command without which the ones before it are taken; null when all are taken after all. */
export async function findRefused(client: pg.ClientBase, suspect: Suspect): Promise<Command | null> {
  const { commands } = suspect;
  if (!(await isRefused(client, suspect, commands.length))) return null;
  let taken = 0;
  let refused = commands.length;
  while (refused - taken > 1) {
    const middle = taken + Math.floor((refused - taken) / 2);
    if (await isRefused(client, suspect, middle)) refused = middle;
    else taken = middle;
  }
  return commands[refused - 1] ?? null;
}

/** Whether the first commands are refused. Nothing of them stays. */
async function isRefused(client: pg.ClientBase, suspect: Suspect, length: number): Promise<boolean> {
  const { sellerId, context, commands, failed } = suspect;
  const probe: Waiting = {
    submission: { sellerId, commands: commands.slice(0, length) },
    since: context.clock.now(),
    answer() {},
    fail() {},
  };
  try {
    const cache = new SellerCache(await lockHead(client, sellerId));
    const now = Math.max(context.clock.now(), cache.head.recordedAt);
    const guesses = new GuessPolicy();
    guesses.wasWrong(); // here everything is looked up
    const { toWrite } = await prepareBatch({ sellerId, client, cache, now, failed, guesses, onThrown() {} }, [
      probe,
    ]);
    if (toWrite !== null) await sendBurst(client, toWrite.steps);
    return false;
  } catch (error) {
    if (failureOf(error) !== "refused") throw error;
    return true;
  } finally {
    await client.query("rollback");
  }
}
