// After a failed batch: was it committed all the same, and what becomes of its submissions. Nothing is answered that is not
// known, and nothing is applied twice.
import type pg from "pg";

import { wasCommitted } from "./committed-question.ts";
import type { LedgerContext } from "./ledger-context.ts";
import type { PreparedBatch } from "./prepared-batch.ts";
import { SellerQueue, type Waiting } from "./seller-queue.ts";
import type { FailedBatch, SellerWriter } from "./seller-writer.ts";
import { internalError } from "./submission.ts";
import { failureOf, UnknownSeller } from "./write-failure.ts";

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
  const again: Waiting[] = [];
  for (const batch of failed) {
    const failure = failureOf(batch.error);
    context.onFailure(sellerId, failure, batch.error);
    if (failure === "connection_lost" && batch.prepared?.toWrite != null) {
      if (await wasItCommitted(writer, batch.prepared)) context.conclude(batch.prepared);
      else again.push(...batch.taken);
      continue;
    }
    if (failure === "refused") {
      if (batch.error instanceof UnknownSeller) for (const waiting of batch.taken) waiting.fail(batch.error);
      else if (batch.taken.length > 1) {
        again.push(...batch.taken);
        writer.loneSubmissions = Math.max(writer.loneSubmissions, again.length);
      } else refuse(batch);
      continue;
    }
    if (failure === "head_moved") writer.lockedBatches = LOCKED_BATCHES;
    else await context.backOff(1);
    again.push(...batch.taken);
  }
  writer.queue.putBack(again);
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

/** A submission that cannot be recorded when it is alone is at fault itself. */
function refuse({ taken }: FailedBatch): void {
  const result = internalError("This could not be recorded because of a bug of ours; it is logged.");
  for (const { submission, answer } of taken)
    answer({ kind: "done", results: submission.commands.map(() => result) });
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
