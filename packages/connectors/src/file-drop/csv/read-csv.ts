// A CSV file by its profile → facts, or what is wrong with it, line by line.
import type { KeeperFact } from "../../contract/keeper/keeper-fact.ts";
import type { KeeperFile } from "../../contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import type { CsvProfile } from "../profile.ts";
import { type ColumnIndexes, CsvRow } from "./csv-row.ts";
import { type CsvTable, readTable } from "./csv-table.ts";
import { Problems } from "./problems.ts";
import { toAdjustments } from "./to-adjustments.ts";
import { toReceipts } from "./to-receipts.ts";
import { toReturns } from "./to-returns.ts";
import { toShipments } from "./to-shipments.ts";
import { toSnapshot } from "./to-snapshot.ts";

/** What reading a file needs besides its profile. */
export interface CsvSetting {
  /** SHA-256 of its bytes: what makes it the same file, whatever it is called. */
  readonly sha256: string;
  /** Of times without a zone, where the profile says nothing. */
  readonly timeZone: string;
  /** The facility where neither the file nor the profile names one; null when there are several. */
  readonly onlyFacility: string | null;
}

export function readCsv(
  file: KeeperFile,
  profile: CsvProfile,
  setting: CsvSetting,
): Outcome<readonly KeeperFact[]> {
  const problems = new Problems();
  const named = Object.entries(profile.columns).flatMap(([name, told]) =>
    told === undefined ? [] : [[name, told] as const],
  );
  const hasHeadings = named.some(([, told]) => typeof told === "string");
  const table = readTable(file.bytes, profile, hasHeadings, problems);
  const columns = table === null ? null : columnsOf(table, named, problems);
  if (table === null || columns === null) return refused(file, problems);
  const context = {
    columns,
    times: { dateFormat: profile.dateFormat, timeZone: profile.timeZone ?? setting.timeZone },
    location: profile.location ?? setting.onlyFacility,
    receivedAt: file.receivedAt,
    problems,
  };
  const rows = table.rows.map((line) => new CsvRow(line, context));
  const facts = factsOf(rows, profile, { file, sha256: setting.sha256, problems });
  return problems.isEmpty ? succeeded(facts) : refused(file, problems);
}

/** What the facts of one file have in common. */
export interface FileContext {
  readonly file: KeeperFile;
  readonly sha256: string;
  readonly problems: Problems;
}

function factsOf(rows: readonly CsvRow[], profile: CsvProfile, context: FileContext): readonly KeeperFact[] {
  switch (profile.kind) {
    case "levels":
      return toSnapshot(rows, profile, context);
    case "adjustments":
      return toAdjustments(rows, profile, context);
    case "shipments":
      return toShipments(rows, profile);
    case "receipts":
      return toReceipts(rows, profile);
    case "returns":
      return toReturns(rows, profile);
    default:
      return profile satisfies never;
  }
}

/** Where the columns stand: headings are compared without regard to case and spaces around them. */
function columnsOf(
  { headings, rows }: CsvTable,
  named: readonly (readonly [string, string | number])[],
  problems: Problems,
): ColumnIndexes | null {
  const cells = headings?.cells ?? [];
  const known = cells.map(comparable);
  const width = headings?.cells.length ?? rows[0]?.cells.length ?? 0;
  const line = headings?.line ?? rows[0]?.line ?? 1;
  const found = named.map(([name, told]) => {
    const index = typeof told === "number" ? told - 1 : known.indexOf(comparable(told));
    const heading = typeof told === "number" ? (cells[index] ?? `number ${told}`) : told;
    const isTwice = typeof told === "string" && known.lastIndexOf(comparable(told)) !== index;
    if (isTwice)
      problems.add(line, `"${told}"`, `it stands there twice: name columns.${name} by its number.`);
    // A file without rows has no width to compare with.
    if (index < 0 || (index >= width && line > 0 && rows.length > 0)) {
      const there = headings === null ? `${width} columns` : cells.map((cell) => `"${cell}"`).join(", ");
      problems.add(
        line,
        null,
        `there is no column "${told}", only ${there}: mend columns.${name} in the profile.`,
      );
    }
    return [name, { index, heading }] as const;
  });
  return problems.isEmpty ? new Map(found) : null;
}

function comparable(heading: string): string {
  return heading.normalize("NFC").trim().toLocaleLowerCase("en-US");
}

function refused({ name }: KeeperFile, problems: Problems): Outcome<never> {
  return failed({
    kind: "rejected",
    code: "unreadable_file",
    message: `${name} was not read.\n${problems.toString()}`,
  });
}
