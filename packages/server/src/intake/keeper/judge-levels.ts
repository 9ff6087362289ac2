import { bookLevel } from "@onepool/core/intake/keeper/book-level.ts";
import { placeKey } from "@onepool/core/intake/keeper/booking.ts";
import { judgeLevel, type LikelyCause, type ToldLevel } from "@onepool/core/intake/keeper/judge-level.ts";
import type { Command } from "@onepool/core/ledger/command.ts";
import type { Units } from "@onepool/core/ledger/units.ts";

import { readGivenUnits } from "./allocation-store.ts";
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
import { noteAllocations } from "./note-allocations.ts";
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
  const { client, key, capability, now } = context;
  const basis = await readBasis(context, told);
  const before = new Map(known.map((row) => [placeKey(row), row] as const));
  const rows: LevelRow[] = [];
  const commands: Command[] = [];
  const readAgain = new Set<string>();
  for (const [index, level] of told.entries()) {
    const outcome = judgeOne(context, { level, index, row: before.get(placeKey(level)) ?? null }, basis);
    if (outcome === "reread") readAgain.add(level.item);
    if (typeof outcome === "string") continue;
    rows.push(outcome.row);
    commands.push(...outcome.commands);
  }
  await writeLevels(client, key, rows);
  if (readAgain.size > 0 && capability.levelsPerRead > 0)
    await askForLevels(client, key, [...readAgain], now + 2 * capability.clockSkewMs);
  await noteDrifts(client, key, { isLive: context.isLive, now });
  if (basis.given !== null) await noteAllocations(client, key, now);
  return commands;
}

/** What levels are held against, place by place. */
interface Basis {
  /** In the order of the levels. */
  readonly ledger: readonly LedgerPlace[];
  readonly unconfirmed: ReadonlyMap<string, Units>;
  readonly given: ReadonlyMap<string, Units> | null;
}

async function readBasis(context: ApplyContext, told: readonly ToldPlace[]): Promise<Basis> {
  const { client, key, capability } = context;
  const skew = capability.clockSkewMs;
  const ledger = await readLedgerPlaces(
    client,
    key,
    told.map(({ sku, location, asOf }) => ({ sku, location, from: asOf.from - skew, to: asOf.to + skew })),
  );
  const unconfirmed = await readUnconfirmed(context, told, ledger);
  return { ledger, unconfirmed, given: await readGiven(context, told) };
}

function judgeOne(
  context: ApplyContext,
  stated: { readonly level: ToldPlace; readonly index: number; readonly row: LevelRow | null },
  { ledger, unconfirmed, given }: Basis,
): { readonly row: LevelRow; readonly commands: readonly Command[] } | "stale" | "moving" | "reread" {
  const { key, claimed, isLive, map, now } = context;
  const { index, row } = stated;
  const has = ledger[index];
  if (has === undefined) throw new Error(`the ledger answered nothing for ${stated.level.sku}`);
  const level = withHeld(context, stated.level, has);
  const place = placeKey(level);
  const full = { ...has, unconfirmedLeft: unconfirmed.get(place) ?? 0, isUntouched: isUntouched(row, has) };
  const judged = judgeLevel(level, row, full, { isLive, bookDriftUpTo: map.bookDriftUpTo });
  if (judged.kind === "stale" || judged.kind === "moving" || judged.kind === "reread") return judged.kind;
  const ours = given === null ? null : (given.get(place) ?? 0);
  const next = nextLevelRow(level, row, { ledger: full, judged, ours, now });
  if (judged.kind !== "book") return { row: next, commands: [] };
  const origin = originOf(context, claimed.fact.factId, level.asOf.to);
  const booked = { ...level, ...judged, damaged: has.damaged };
  return { row: next, commands: bookLevel(origin, booked, reasonOf(key.code, row, judged.likelyCause)) };
}

/** What the keeper was given orders for; null where it gets none from us or does not say what it has allocated. */
async function readGiven(
  { client, key, map, capability, now }: ApplyContext,
  told: readonly ToldPlace[],
): Promise<ReadonlyMap<string, Units> | null> {
  const isChecked = capability.saysAllocated && capability.orders !== "none" && map.sendsOrders !== null;
  if (!isChecked || told.length === 0) return null;
  return readGivenUnits(client, key, { skus: told.map(({ sku }) => sku), locations: map.locations, now });
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
