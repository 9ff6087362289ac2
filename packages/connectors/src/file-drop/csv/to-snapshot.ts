import type { LevelLine, SnapshotFact } from "../../contract/keeper/keeper-fact.ts";
import type { ProfileOf } from "../profile.ts";
import type { CsvRow } from "./csv-row.ts";
import type { FileContext } from "./read-csv.ts";

type Profile = ProfileOf<"levels">;

/** One snapshot for the whole file: as of the times that its rows state, otherwise of when it was written. */
export function toSnapshot(
  rows: readonly CsvRow[],
  profile: Profile,
  context: FileContext,
): readonly SnapshotFact[] {
  const lines = new Map<string, LevelLine>();
  const first = new Map<string, number>();
  for (const row of rows) {
    const level = levelOf(row, profile);
    const key = JSON.stringify([level.item, level.facility]);
    const lot = JSON.stringify([key, row.text("lot")]);
    const before = lines.get(key);
    const twice = first.get(lot);
    if (twice !== undefined)
      row.problem(
        "sku",
        `${level.item} at ${level.facility} stands on line ${twice} already: name columns.lot if rows are of lots, or have the file mended.`,
      );
    first.set(lot, twice ?? row.line);
    lines.set(key, before === undefined ? level : added(before, level));
  }
  const { scope, absentMeansZero } = profile;
  return [
    {
      kind: "snapshot",
      factId: `file:${context.sha256}`,
      asOf: asOfRows(rows, profile, context),
      scope,
      ...(absentMeansZero ? { absentMeansZero } : {}),
      lines: [...lines.values()],
    },
  ];
}

function levelOf(row: CsvRow, { columns, onHandIncludesHeld }: Profile): LevelLine {
  const held = row.count("damaged", 0) + row.count("onHold", 0);
  const onHand = row.units("onHand");
  return {
    item: row.code("sku"),
    facility: row.facility(),
    onHand: onHandIncludesHeld ? onHand - held : onHand,
    held,
    ...(columns.allocated === undefined ? {} : { allocated: row.count("allocated", 0) }),
    ...(columns.incoming === undefined ? {} : { incoming: row.count("incoming", 0) }),
  };
}

function added(one: LevelLine, other: LevelLine): LevelLine {
  const sum = (name: "allocated" | "incoming") =>
    one[name] === undefined ? {} : { [name]: one[name] + (other[name] ?? 0) };
  return {
    ...one,
    onHand: one.onHand + other.onHand,
    held: one.held + other.held,
    ...sum("allocated"),
    ...sum("incoming"),
  };
}

/**
 * A file that states no time was read some while before it was written, nobody knows when exactly. Rows of several times were read
 * one after the other. A file that states times and has no rows says nothing of when.
 */
function asOfRows(
  rows: readonly CsvRow[],
  { columns, asOfWithinMinutes }: Profile,
  { file }: FileContext,
): SnapshotFact["asOf"] {
  const written = Math.min(file.modifiedAt, file.receivedAt);
  if (columns.asOf === undefined || rows.length === 0)
    return { from: written - asOfWithinMinutes * 60_000, to: written };
  let [from, to] = [Infinity, -Infinity];
  for (const row of rows) {
    const told = row.time("asOf");
    from = Math.min(from, told.from);
    to = Math.max(to, told.to);
  }
  return { from, to };
}
