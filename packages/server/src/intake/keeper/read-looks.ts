import { randomUUID } from "node:crypto";

import type { SnapshotFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import type { LevelsPage } from "@onepool/connectors/contract/keeper/keeper.ts";

import { type Stored, storeFacts } from "./keeper-fact-store.ts";
import { endLooks, failLooks, type Look, readLooks } from "./look-store.ts";
import { askForReadings, type HeldReading } from "./progress-store.ts";
import {
  type Called,
  callKeeper,
  CALLS_OF_A_TURN,
  LEASE_MS,
  type ReadingContext,
  type ReadingResult,
  storeStep,
} from "./reading.ts";

/** Looks that are read through for one turn, whatever one call may name. */
const LOOKED_THROUGH = 500;

/** A look that the keeper refuses this often is given up: the next full reading tells what lies there. */
const ATTEMPTS_MAX = 4;

/** Nothing is asked for: a glance at this pace costs one statement. In milliseconds. */
const REST_MS = 3_600_000;

/** Pages of one answer about some items. */
const PAGES_MAX = 50;

/** Reads the items and orders that somebody asked for. */
export async function readLookedFor(context: ReadingContext, taken: HeldReading): Promise<ReadingResult> {
  const { pool, clock } = context;
  let held = taken;
  const startedAt = clock.now();
  for (let call = 0; call < CALLS_OF_A_TURN; call++) {
    const now = clock.now();
    const due = await readLooks(pool, held, { now, limit: LOOKED_THROUGH });
    const looks = nextLooks(context, due.looks);
    if (looks.length === 0) {
      const nextMs = due.nextAt === null ? REST_MS : Math.max(0, due.nextAt - now);
      return { kind: "complete", held, startedAt, nextMs };
    }
    const result = await readThese(context, held, looks);
    if (result.kind !== "read") return result;
    held = result.held;
  }
  return { kind: "waits", held, waitMs: 0 };
}

type ReadThese = { readonly kind: "read"; readonly held: HeldReading } | ReadingResult;

/** One order, or as many items as one call may name; what was refused before goes alone. */
function nextLooks({ connection }: ReadingContext, looks: readonly Look[]): readonly Look[] {
  const [first] = looks;
  if (first === undefined) return [];
  if (first.subject !== "item" || first.attempts > 0) return [first];
  const items = looks.filter(({ subject, attempts }) => subject === "item" && attempts === 0);
  return items.slice(0, Math.max(1, connection.capability.levelsPerRead));
}

async function readThese(
  context: ReadingContext,
  held: HeldReading,
  looks: readonly Look[],
): Promise<ReadThese> {
  const readAt = context.clock.now();
  const called =
    looks[0]?.subject === "item" ? await readItems(context, looks) : await readOrder(context, looks);
  if (called.kind === "waits") return { ...called, held };
  if (called.kind === "failed") {
    const { kind } = called.error;
    if (kind !== "rejected" && kind !== "not_found" && kind !== "bug") return { ...called, held };
    await failLooks(context.pool, held, looks, ATTEMPTS_MAX);
    return { kind: "read", held };
  }
  const { sellerId, code } = held;
  const receivedAt = context.clock.now();
  const next = await storeStep(
    context,
    held,
    { progress: null },
    async (client): Promise<readonly Stored[]> => {
      await endLooks(client, held, looks, readAt);
      const { way, facts } = called.value;
      return storeFacts(client, { sellerId, code, way, deliveryId: null, receivedAt }, facts);
    },
  );
  return next === null ? { kind: "lost" } : { kind: "read", held: next };
}

type Found = Parameters<typeof storeFacts>[2];
type FoundBy = { readonly way: "levels" | "order"; readonly facts: Found };

async function readOrder(context: ReadingContext, [look]: readonly Look[]): Promise<Called<FoundBy>> {
  const { keeper, clock } = context;
  const ask = keeper.readOrder?.bind(keeper);
  if (ask === undefined || look === undefined) return nothing("order", clock.now());
  const query = look.subject === "reference" ? { reference: look.id } : { keeperOrderId: look.id };
  const called = await callKeeper(context, () => ask(query));
  if (called.kind !== "answered") return called;
  const facts = called.value === null ? [] : [called.value];
  return { ...called, value: { way: "order", facts } };
}

async function readItems(context: ReadingContext, looks: readonly Look[]): Promise<Called<FoundBy>> {
  const { keeper, clock, connection, pool } = context;
  const { capability, row } = connection;
  const ask = keeper.readLevels?.bind(keeper);
  if (ask === undefined || capability.levelsPerRead === 0) {
    // Single items cannot be read: all of them are, soon.
    await askForReadings(pool, row, { ways: ["levels"], dueAt: clock.now() });
    return nothing("levels", clock.now());
  }
  const items = looks.map(({ id }) => id);
  const facts: SnapshotFact[] = [];
  const until = clock.now() + LEASE_MS / 2;
  let page: string | undefined;
  for (let pages = 0; pages < PAGES_MAX && clock.now() < until; pages++) {
    const query: { items: readonly string[]; page?: string } =
      page === undefined ? { items } : { items, page };
    const called: Called<LevelsPage> = await callKeeper(context, () => ask(query));
    if (called.kind !== "answered") return called;
    if (called.value.kind === "pending") break;
    const { asOf, lines, nextPage } = called.value;
    facts.push({ kind: "snapshot", factId: `look-${randomUUID()}`, asOf, scope: "items", lines });
    if (nextPage === null) break;
    page = nextPage;
  }
  return { kind: "answered", askedAt: clock.now(), value: { way: "levels", facts } };
}

function nothing(way: FoundBy["way"], askedAt: number): Called<FoundBy> {
  return { kind: "answered", askedAt, value: { way, facts: [] } };
}
