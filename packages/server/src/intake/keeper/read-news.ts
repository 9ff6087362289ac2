// What happened since: the keeper's log or its files by a cursor of its own, and its documents by when they changed.
import type { Collected } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import { z } from "zod";

import { type FactOrigin, type FactWay, storeFacts } from "./keeper-fact-store.ts";
import type { HeldReading } from "./progress-store.ts";
import {
  callKeeper,
  CALLS_OF_A_TURN,
  type ReadingContext,
  type ReadingResult,
  storeStep,
} from "./reading.ts";

/** Where the capability states no interval and somebody asked all the same, in milliseconds. */
const SELDOM_MS = 24 * 3_600_000;

/** Collects what happened since the cursor. Facts and cursor are stored together, so that none is skipped. */
export async function readCollected(
  context: ReadingContext,
  taken: HeldReading,
  onRefused: (refused: Refused) => Promise<void>,
): Promise<ReadingResult> {
  const { clock, keeper } = context;
  const startedAt = clock.now();
  if (keeper.collect === undefined) return { kind: "complete", held: taken, startedAt, nextMs: SELDOM_MS };
  let held = taken;
  for (let call = 0; call < CALLS_OF_A_TURN; call++) {
    const step = await collectOnce(context, held, keeper.collect.bind(keeper), startedAt);
    if (step.kind !== "collected") return step;
    held = step.held;
    if (step.refused.length > 0) await onRefused(step.refused);
    if (step.hasMore) continue;
    const nextMs = context.connection.capability.movementsIntervalMs ?? SELDOM_MS;
    return { kind: "complete", held, startedAt, nextMs };
  }
  return { kind: "waits", held, waitMs: 0 };
}

type Refused = NonNullable<Collected["refused"]>;

async function collectOnce(
  context: ReadingContext,
  held: HeldReading,
  ask: NonNullable<ReadingContext["keeper"]["collect"]>,
  startedAt: Instant,
): Promise<
  | {
      readonly kind: "collected";
      readonly held: HeldReading;
      readonly refused: Refused;
      readonly hasMore: boolean;
    }
  | ReadingResult
> {
  const { clock, connection } = context;
  const since = connection.row.since ?? held.reachedAt ?? startedAt;
  const called = await callKeeper(context, () => ask({ cursor: held.cursor, since }));
  if (called.kind !== "answered") return { ...called, held };
  const { facts, cursor, refused = [] } = called.value;
  const origin = originOf(held, "collect", clock.now());
  const next = await storeStep(context, held, { cursor, progress: null }, (client) =>
    storeFacts(client, origin, facts),
  );
  if (next === null) return { kind: "lost" };
  // One that says it has more and does not move is asked again at its pace, not for ever.
  return { kind: "collected", held: next, refused, hasMore: called.value.hasMore && cursor !== held.cursor };
}

const documentsProgress = z.strictObject({
  from: z.number(),
  startedAt: z.number(),
  page: z.string().nullable(),
});
type DocumentsProgress = z.infer<typeof documentsProgress>;

/** A list is begun anew after this: page tokens do not last. In milliseconds. */
const OLDEST_MS = 3_600_000;

/** Lists the documents that changed, beginning some time before what the last list reached. */
export async function readDocuments(context: ReadingContext, taken: HeldReading): Promise<ReadingResult> {
  const { clock, keeper, connection } = context;
  const list = keeper.listDocuments?.bind(keeper);
  if (list === undefined) return { kind: "complete", held: taken, startedAt: clock.now(), nextMs: SELDOM_MS };
  let held = taken;
  let progress = documentsProgressOf(context, held);
  for (let call = 0; call < CALLS_OF_A_TURN; call++) {
    const { from, page, startedAt } = progress;
    const called = await callKeeper(context, () => list(page === null ? { from } : { from, page }));
    if (called.kind === "waits") return { ...called, held };
    if (called.kind === "failed")
      return {
        ...called,
        held: page === null || called.error.kind === "transient" ? held : { ...held, progress: null },
      };
    const { facts, nextPage } = called.value;
    progress = { ...progress, page: nextPage };
    const next = await storeStep(context, held, { progress: { ...progress } }, (client) =>
      storeFacts(client, originOf(held, "documents", clock.now()), facts),
    );
    if (next === null) return { kind: "lost" };
    held = next;
    if (nextPage === null || nextPage === page) {
      const nextMs = connection.capability.documentsIntervalMs ?? SELDOM_MS;
      return { kind: "complete", held, startedAt, reachedAt: startedAt, nextMs };
    }
  }
  return { kind: "waits", held, waitMs: 0 };
}

function documentsProgressOf({ clock, connection }: ReadingContext, held: HeldReading): DocumentsProgress {
  const now = clock.now();
  const { row, capability } = connection;
  const kept = documentsProgress.safeParse(held.progress);
  const isSameConnection = held.seenSeq === row.updatedSeq;
  if (kept.success && isSameConnection && now - kept.data.startedAt < OLDEST_MS) return kept.data;
  const begun = row.since ?? held.reachedAt ?? now;
  const reached = held.wasComplete ? (held.reachedAt ?? begun) : begun;
  const from = reached - capability.documentsOverlapMs - capability.clockSkewMs;
  return { from: Math.max(0, from), startedAt: now, page: null };
}

function originOf({ sellerId, code }: HeldReading, way: FactWay, receivedAt: Instant): FactOrigin {
  return { sellerId, code, way, deliveryId: null, receivedAt };
}
