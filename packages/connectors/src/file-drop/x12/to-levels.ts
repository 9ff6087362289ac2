import { contentHash } from "@onepool/core/ledger/content-hash.ts";

import type { LevelLine, SnapshotFact } from "../../contract/keeper/keeper-fact.ts";
import type { Segment } from "./interchange.ts";
import type { X12Reader } from "./x12-reader.ts";

const QUANTITY = { quantity: 2, measure: 3 } as const;

/** DTM01 of when a report is as of: effective, made, issued. */
const AS_OF = new Set(["007", "097", "102"]);

interface Level {
  readonly item: string;
  readonly facility: string;
  readonly segment: Segment;
  /** Lots that were counted. */
  readonly lots: Set<string>;
  onHand: number;
  held: number;
}

/** 846: on hand (17) and on hold (QH) by item and place. 33, 27, 29 and whatever else is reckoned are not what lies there. */
export function toLevels(reader: X12Reader): readonly SnapshotFact[] {
  const { profile, transaction } = reader;
  const report = reader.required("BIA");
  const lines = levelsOf(reader).map(({ item, facility, segment, lots, onHand, held }): LevelLine => {
    if (lots.size === 0) reader.problem(segment, `no QTY*17 says how many of ${item} are on hand.`);
    if (held < 0) reader.problem(segment, `${held} of ${item} on hold is below 0.`);
    return { item, facility, onHand: profile.onHandIncludesHeld ? onHand - held : onHand, held };
  });
  const control = [...transaction.envelope.control, report.elements[3] ?? ""];
  return [
    {
      kind: "snapshot",
      factId: `846:${contentHash({ control, lines: lines.map((line) => ({ ...line })) })}`,
      asOf: asOf(reader, report),
      scope: profile.scope,
      ...(profile.absentMeansZero ? { absentMeansZero: true } : {}),
      lines,
    },
  ];
}

function levelsOf(reader: X12Reader): readonly Level[] {
  const levels = new Map<string, Level>();
  let line: Segment | null = null;
  let [everywhere, here]: (string | null)[] = [null, null];
  const placeOf = (segment: Segment): string => here ?? everywhere ?? reader.otherwiseAt(segment);
  for (const segment of reader.transaction.segments) {
    const [tag] = segment.elements;
    const warehouse = reader.warehouse(segment);
    if (warehouse !== null && line === null) everywhere = warehouse;
    if (warehouse !== null && line !== null) here = warehouse;
    if (tag === "LIN") {
      [line, here] = [segment, null];
      if (!hasQuantity(reader, segment)) reader.problem(segment, "no quantity (QTY) follows it.");
    }
    if (tag === "QTY" && line !== null) countIn(reader, levels, { line, segment, placeOf });
  }
  return [...levels.values()];
}

/** Whether a QTY stands before the next LIN. */
function hasQuantity({ transaction }: X12Reader, line: Segment): boolean {
  const after = transaction.segments.slice(transaction.segments.indexOf(line) + 1);
  const next = after.find(({ elements }) => elements[0] === "LIN" || elements[0] === "QTY");
  return next?.elements[0] === "QTY";
}

function countIn(
  reader: X12Reader,
  levels: Map<string, Level>,
  found: { line: Segment; segment: Segment; placeOf: (segment: Segment) => string },
): void {
  const { line, segment, placeOf } = found;
  const item = reader.item(line, pairsOf(line));
  const facility = placeOf(line);
  const key = JSON.stringify([item, facility]);
  const level = levels.get(key) ?? { item, facility, segment: line, lots: new Set(), onHand: 0, held: 0 };
  levels.set(key, level);
  const qualifier = segment.elements[1];
  if (qualifier === "QH") level.held += reader.units(segment, QUANTITY);
  if (qualifier !== "17") return;
  const lot = line.elements[(pairsOf(line).find((at) => line.elements[at] === "LT") ?? -2) + 1] ?? "";
  if (level.lots.has(lot))
    reader.problem(
      segment,
      `${item} at ${facility} was counted before, and no lot (LT) tells the two apart.`,
    );
  level.lots.add(lot);
  level.onHand += reader.units(segment, QUANTITY);
}

function pairsOf({ elements }: Segment): readonly number[] {
  return Array.from({ length: Math.floor((elements.length - 2) / 2) }, (_, index) => 2 + 2 * index);
}

/** By the DTM at the head, otherwise by BIA. */
function asOf(reader: X12Reader, report: Segment): SnapshotFact["asOf"] {
  const { segments } = reader.transaction;
  const firstLine = segments.findIndex(({ elements }) => elements[0] === "LIN");
  const head = firstLine < 0 ? segments : segments.slice(0, firstLine);
  const told = head.find(
    ({ elements: [tag, of = "", date = ""] }) => tag === "DTM" && AS_OF.has(of) && date !== "",
  );
  return told === undefined
    ? reader.time(report, report.elements[4] ?? "", report.elements[5])
    : reader.time(told, told.elements[2] ?? "", told.elements[3]);
}
