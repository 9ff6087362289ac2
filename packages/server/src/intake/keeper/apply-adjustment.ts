import type { AdjustmentFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import { reasonWith } from "@onepool/core/intake/keeper/booking.ts";
import { planAdjustment } from "@onepool/core/intake/keeper/plan-adjustment.ts";
import type { OurLine } from "@onepool/core/intake/keeper/translate.ts";
import type { Command } from "@onepool/core/ledger/command.ts";

import { type ApplyContext, type FactPlan, originOf, translated } from "./apply-context.ts";
import { bookUnlinkedPick } from "./apply-order.ts";
import { readLedgerPlaces } from "./keeper-level-store.ts";
import { lateFirst } from "./late-first.ts";
import { askForLevels } from "./look-store.ts";

/** Units that came, went or changed their condition by a keeper's own doing. */
export async function applyAdjustment(context: ApplyContext, fact: AdjustmentFact): Promise<FactPlan> {
  const lines = await translated(context, [fact]);
  if (!lines.ok) return { kind: "wait", why: lines.why };
  await lookIntoGap(context, fact, lines.lines);
  const commands: Command[] = [];
  for (const line of lines.lines) commands.push(...(await planLine(context, fact, line)));
  if (commands.length === 0) return { kind: "nothing", why: null };
  return { kind: "book", commands: await lateFirst(context, lines.lines, fact.occurredAt, commands) };
}

async function planLine(
  context: ApplyContext,
  fact: AdjustmentFact,
  { sku, location, perItem }: OurLine<AdjustmentFact>,
): Promise<readonly Command[]> {
  const { client, key } = context;
  const place = { sku, location };
  if (fact.isUnlinkedPick === true && fact.sellable < 0)
    return bookUnlinkedPick(context, fact, place, -fact.sellable * perItem);
  const at = { ...place, from: context.now, to: context.now };
  const [ledger] = fact.held < 0 ? await readLedgerPlaces(client, key, [at]) : [];
  return planAdjustment(originOf(context, fact.factId, fact.occurredAt), {
    ...place,
    sellable: fact.sellable * perItem,
    held: fact.held * perItem,
    damaged: ledger?.damaged ?? 0,
    reason: reasonWith(`${key.code}: ${fact.reason.replaceAll("_", " ")}`, fact.reasonText),
  });
}

/** What the keeper had before differs from what the ledger had: something was not told, so the level is read (snapshot rule 8). */
async function lookIntoGap(
  { client, key, capability, now }: ApplyContext,
  { item, onHandBefore, occurredAt }: AdjustmentFact,
  lines: readonly OurLine<AdjustmentFact>[],
): Promise<void> {
  const [line] = lines;
  const isComparable = lines.length === 1 && line?.perItem === 1;
  if (!isComparable || onHandBefore === undefined || capability.levelsPerRead === 0) return;
  const before = { sku: line.sku, location: line.location, from: occurredAt - 1, to: occurredAt - 1 };
  const [ledger] = await readLedgerPlaces(client, key, [before]);
  if (ledger === undefined) return;
  const expected = ledger.sellable + (capability.onHandIncludesHeld ? ledger.damaged : 0);
  if (expected !== onHandBefore) await askForLevels(client, key, [item], now);
}
