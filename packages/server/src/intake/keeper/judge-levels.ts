import { bookLevel } from "@onepool/core/intake/keeper/book-level.ts";
import { placeKey } from "@onepool/core/intake/keeper/booking.ts";
import { judgeLevel, type LikelyCause, type ToldLevel } from "@onepool/core/intake/keeper/judge-level.ts";
import type { Command } from "@onepool/core/ledger/command.ts";
import type { Units } from "@onepool/core/ledger/units.ts";

import { type ApplyContext, originOf } from "./apply-context.ts";
import {
  type LedgerPlace,
  type LevelPlace,
  type LevelRow,
  readLedgerPlaces,
  writeLevels,
} from "./keeper-level-store.ts";
import { nextLevelRow } from "./level-row.ts";
import { askForLevels } from "./look-store.ts";
import { noteDrifts } from "./note-drifts.ts";
import { readUnconfirmedLeft } from "./unconfirmed-store.ts";

/** A level as it was told, in our words. */
export interface ToldPlace extends ToldLevel, LevelPlace {
  readonly item: string;
  readonly allocated: Units | null;
}

/** Judges levels, keeps what came of it, and answers what the ledger has to be told. */
export async function judgeLevels(
  context: ApplyContext,
  told: readonly ToldPlace[],
  known: readonly LevelRow[],
): Promise<readonly Command[]> {
  const { client, key, capability, claimed, now } = context;
  const skew = capability.clockSkewMs;
  const ledger = await readLedgerPlaces(
    client,
    key,
    told.map(({ sku, location, asOf }) => ({ sku, location, from: asOf.from - skew, to: asOf.to + skew })),
  );
  const unconfirmed = await readUnconfirmed(context, told, ledger);
  const before = new Map(known.map((row) => [placeKey(row), row] as const));
  const rows: LevelRow[] = [];
  const commands: Command[] = [];
  const readAgain: string[] = [];
  for (const [index, stated] of told.entries()) {
    const has = ledger[index];
    if (has === undefined)
      throw new Error(`the ledger answered nothing for ${stated.sku} at ${stated.location}`);
    const level = withHeld(context, stated, has);
    const row = before.get(placeKey(level)) ?? null;
    const full = {
      ...has,
      unconfirmedLeft: unconfirmed.get(placeKey(level)) ?? 0,
      isUntouched: isUntouched(row, has),
    };
    const { isLive, map } = context;
    const judged = judgeLevel(level, row, full, { isLive, bookDriftUpTo: map.bookDriftUpTo });
    if (judged.kind === "reread") readAgain.push(level.item);
    if (judged.kind === "stale" || judged.kind === "moving" || judged.kind === "reread") continue;
    rows.push(nextLevelRow(level, row, { ledger: full, judged, now }));
    if (judged.kind !== "book") continue;
    const origin = originOf(context, claimed.fact.factId, level.asOf.to);
    commands.push(
      ...bookLevel(
        origin,
        { ...level, ...judged, damaged: has.damaged },
        reasonOf(key.code, row, judged.likelyCause),
      ),
    );
  }
  await writeLevels(client, key, rows);
  if (readAgain.length > 0 && capability.levelsPerRead > 0)
    await askForLevels(client, key, [...new Set(readAgain)], now + 2 * skew);
  await noteDrifts(client, key, { isLive: context.isLive, now });
  return commands;
}

/** Where a keeper's levels leave held units out, their absence is no difference. */
function withHeld({ capability }: ApplyContext, stated: ToldPlace, { damaged }: LedgerPlace): ToldPlace {
  return capability.levelsSayHeld === false ? { ...stated, held: damaged } : stated;
}

/** Whether this keeper's word is the first about the place, and the ledger has nothing there. */
function isUntouched(row: LevelRow | null, { sellable, damaged }: LedgerPlace): boolean {
  const isFirst = row === null || (row.verifiedAsOf === null && row.bookedAt === null);
  return isFirst && sellable <= 0 && damaged === 0;
}

/** What left by a channel's word alone, where more lies there than the ledger has. */
async function readUnconfirmed(
  { client, key }: ApplyContext,
  told: readonly ToldPlace[],
  ledger: readonly LedgerPlace[],
): Promise<ReadonlyMap<string, Units>> {
  const found = told.filter((level, index) => level.sellable > (ledger[index]?.sellable ?? Infinity));
  if (found.length === 0) return new Map();
  return readUnconfirmedLeft(
    client,
    key.sellerId,
    found.map(({ sku, location, asOf }) => ({ sku, location, at: asOf.to })),
  );
}

function reasonOf(connection: string, row: LevelRow | null, likelyCause: LikelyCause): string {
  if (row === null || (row.verifiedAsOf === null && row.bookedAt === null))
    return `${connection}: first levels`;
  return `${connection}: levels differ (${likelyCause.replaceAll("_", " ")})`;
}
