// After a failed batch: was it committed all the same, and what becomes of its submissions. Nothing is answered that is not
// known, and nothing is applied twice.
import type { Command } from "@onepool/core/ledger/command.ts";
import type pg from "pg";

import { wasCommitted } from "./committed-question.ts";
import type { LedgerContext } from "./ledger-context.ts";
import type { PreparedBatch } from "./prepared-batch.ts";
import { findRefused } from "./refused-command.ts";
import { SellerQueue, type Waiting } from "./seller-queue.ts";
import type { FailedBatch, SellerWriter } from "./seller-writer.ts";
import { internalError } from "./submission.ts";
import { failureOf, UnknownSeller, type WriteFailure } from "./write-failure.ts";

/** After a collision with another process, this many batches are decided under the head's lock. */
const LOCKED_BATCHES = 32;

/** Handles failed batches, oldest first, and gives the connection back or closes it. */
export async function recover(
  writer: SellerWriter,
  client: pg.PoolClient,
  failed: readonly FailedBatch[],
): Promise<void> {
  const { context, sellerId } = writer;
  await close(client, failed);
  const [first, ...behind] = failed.map(failureOfBatch);
  const isLost = first === "connection_lost" || behind.includes("connection_lost");
  writer.takeBack(isLost ? null : failed);
  const again: Waiting[] = [];
  for (const [index, batch] of failed.entries()) {
    const failure = failureOfBatch(batch);
    context.onFailure(sellerId, failure, batch.error);
    if (
      failure === "connection_lost" &&
      batch.prepared !== null &&
      (await wasItCommitted(writer, batch.prepared))
    ) {
      context.conclude(batch.prepared);
    } else if (failure === "connection_lost") {
      again.push(...batch.taken);
    } else if (index > 0) again.push(...batch.taken); // it rested on the one before it
    else again.push(...(await whatToTryAgain(writer, batch, failure)));
  }
  writer.queue.putBack(again);
}

function failureOfBatch({ error, prepared }: FailedBatch): WriteFailure {
  const failure = failureOf(error);
  return failure === "guessed_wrong" && prepared?.isGuess !== true ? "refused" : failure;
}

/** What is to be tried again of a batch that failed first, and how. */
async function whatToTryAgain(
  writer: SellerWriter,
  batch: FailedBatch,
  failure: WriteFailure,
): Promise<readonly Waiting[]> {
  switch (failure) {
    case "refused": {
      const again = await sortOutRefused(writer, batch);
      writer.loneSubmissions = Math.max(writer.loneSubmissions, again.length);
      return again;
    }
    case "guessed_wrong":
      writer.guesses.wasWrong();
      return batch.taken;
    case "head_moved":
      writer.lockedBatches = LOCKED_BATCHES;
      return batch.taken;
    default:
      await writer.context.backOff(1);
      return batch.taken;
  }
}

/** Gives the connection back clean. One that broke, or cannot be cleaned, is closed. */
async function close(client: pg.PoolClient, failed: readonly FailedBatch[]): Promise<void> {
  const isLost = failed.some(({ error }) => failureOf(error) === "connection_lost");
  try {
    if (!isLost) await client.query("rollback");
    client.release(isLost);
  } catch {
    client.release(true);
  }
}

/** More bad commands than this in one submission, and all of it is refused. */
const MAX_REFUSED_COMMANDS = 10;

/** What is to be tried again of a refused batch: submissions one by one, and the one at fault without its bad commands. */
async function sortOutRefused(
  writer: SellerWriter,
  { taken, error }: FailedBatch,
): Promise<readonly Waiting[]> {
  const [only, ...others] = taken;
  if (error instanceof UnknownSeller) {
    for (const waiting of taken) waiting.fail(error);
    return [];
  }
  if (only === undefined || others.length > 0) return taken;
  const result = internalError("This could not be recorded because of a bug of ours; it is logged.");
  const { commands } = only.submission;
  const found = new Map(writer.refusedCommands);
  const refused = found.size < MAX_REFUSED_COMMANDS ? await refusedCommand(writer, only) : null;
  if (refused !== null && !found.has(refused) && found.size + 1 < commands.length) {
    writer.refusedCommands = found.set(refused, result);
    return [only];
  }
  writer.refusedCommands = new Map();
  only.answer({ kind: "done", results: commands.map(() => result) });
  return [];
}

async function refusedCommand(writer: SellerWriter, { submission }: Waiting): Promise<Command | null> {
  const { context, sellerId, refusedCommands: failed } = writer;
  if (submission.commands.length === 1) return submission.commands[0] ?? null;
  const client = await connection(context);
  try {
    const found = await findRefused(client, { sellerId, context, commands: submission.commands, failed });
    client.release();
    return found;
  } catch (error) {
    client.release(true);
    context.onFailure(sellerId, failureOf(error), error);
    return null;
  }
}

/** Asks until the database answers: without the answer nobody can be told anything. */
async function wasItCommitted(writer: SellerWriter, batch: PreparedBatch): Promise<boolean> {
  const { context, sellerId } = writer;
  for (let attempt = 1; ; attempt++) {
    const client = await connection(context);
    try {
      const answer = await wasCommitted(client, sellerId, batch);
      client.release();
      return answer;
    } catch (error) {
      client.release(true);
      if (error instanceof UnknownSeller) return false;
      context.onFailure(sellerId, failureOf(error), error);
      await context.backOff(attempt);
    }
  }
}

async function connection(context: LedgerContext): Promise<pg.PoolClient> {
  const nobody = new SellerQueue();
  for (;;) {
    const client = await context.connect(nobody);
    if (client !== null) return client;
  }
}
