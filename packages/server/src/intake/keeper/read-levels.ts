import type { LevelsPage } from "@onepool/connectors/contract/keeper/keeper.ts";
import { z } from "zod";

import { type FactRow, partsOf } from "./fact-rows.ts";
import { storeRows } from "./keeper-fact-store.ts";
import type { HeldReading } from "./progress-store.ts";
import {
  callKeeper,
  CALLS_OF_A_TURN,
  type ReadingContext,
  type ReadingResult,
  storeStep,
} from "./reading.ts";

/** A reading under way. */
const levelsProgress = z.strictObject({
  snapshotId: z.string(),
  startedAt: z.number(),
  /** Null: the first one. */
  page: z.string().nullable(),
  /** Stored so far. */
  parts: z.number(),
  pages: z.number(),
});
type LevelsProgress = z.infer<typeof levelsProgress>;

/** A reading that takes longer begins anew: page tokens and what a keeper prepared last a day at most. In milliseconds. */
const OLDEST_MS = 20 * 3_600_000;

/** More pages than any warehouse has: the keeper goes round in circles. */
const PAGES_MAX = 20_000;

/** Reads everything that lies there, page by page; goes on where it had to wait, in any process. */
export async function readLevels(context: ReadingContext, taken: HeldReading): Promise<ReadingResult> {
  const { clock, keeper, connection } = context;
  let held = taken;
  let progress = progressOf(context, held);
  for (let call = 0; call < CALLS_OF_A_TURN; call++) {
    const { page } = progress;
    const called = await callKeeper(context, () => read(keeper, page === null ? {} : { page }));
    if (called.kind === "waits") return { ...called, held };
    if (called.kind === "failed")
      // What the keeper does not know any more is begun anew.
      return { ...called, held: isOver(called.error.kind) ? { ...held, progress: null } : held };
    const answer = called.value;
    const step = stepOf(progress, answer);
    const next = await storeStep(context, held, { progress: { ...step.progress } }, async (client) => {
      const { sellerId, code } = held;
      const origin = { sellerId, code, way: "levels", deliveryId: null, receivedAt: clock.now() } as const;
      return [...(await storeRows(client, origin, step.rows)).values()];
    });
    if (next === null) return { kind: "lost" };
    held = next;
    if (answer.kind === "pending") return { kind: "waits", held, waitMs: answer.askAgainAfterMs };
    if (answer.nextPage === null) {
      const nextMs = connection.capability.levelsIntervalMs ?? OLDEST_MS;
      return { kind: "complete", held, startedAt: progress.startedAt, nextMs };
    }
    const isStuck = answer.nextPage === page || step.progress.pages > PAGES_MAX;
    if (isStuck) return { kind: "failed", held: { ...held, progress: null }, error: CIRCLES };
    progress = step.progress;
  }
  return { kind: "waits", held, waitMs: 0 };
}

const CIRCLES = { kind: "bug", message: "The keeper's list of levels never ends." } as const;

function isOver(kind: string): boolean {
  return kind === "rejected" || kind === "not_found" || kind === "bug";
}

/** Whatever capability says that levels are read has it. */
function read(keeper: ReadingContext["keeper"], query: { readonly page?: string }) {
  if (keeper.readLevels === undefined) throw new Error("a keeper whose levels are polled cannot read them");
  return keeper.readLevels(query);
}

function progressOf({ clock, connection }: ReadingContext, held: HeldReading): LevelsProgress {
  const now = clock.now();
  const kept = levelsProgress.safeParse(held.progress);
  const isSameConnection = held.seenSeq === connection.row.updatedSeq;
  if (kept.success && isSameConnection && now - kept.data.startedAt < OLDEST_MS) return kept.data;
  return {
    snapshotId: `levels-${new Date(now).toISOString()}`,
    startedAt: now,
    page: null,
    parts: 0,
    pages: 0,
  };
}

function stepOf(
  progress: LevelsProgress,
  answer: LevelsPage,
): { readonly progress: LevelsProgress; readonly rows: readonly FactRow[] } {
  if (answer.kind === "pending") return { progress: { ...progress, page: answer.page }, rows: [] };
  const { nextPage, lines, asOf } = answer;
  const isEnd = nextPage === null;
  const snapshot = {
    kind: "snapshot",
    factId: progress.snapshotId,
    asOf,
    scope: "full",
    lines,
  } as const;
  // An empty page in the middle says nothing; one at the end says that this was the end.
  const rows = lines.length === 0 && !isEnd ? [] : partsOf(snapshot, { from: progress.parts + 1, isEnd });
  const parts = progress.parts + rows.length;
  return { progress: { ...progress, page: nextPage, parts, pages: progress.pages + 1 }, rows };
}
