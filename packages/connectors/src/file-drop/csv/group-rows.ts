import type { CsvRow } from "./csv-row.ts";

/** Rows of one document, in the order of its first row: files are sorted by whatever the keeper likes. */
export function groupRows(
  rows: readonly CsvRow[],
  keyOf: (row: CsvRow) => string,
): ReadonlyMap<string, readonly CsvRow[]> {
  const groups = new Map<string, CsvRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** The state of a document by its first row that tells one; null where none does. A word that the profile lacks is a problem. */
export function statusOf<Status extends string>(
  rows: readonly CsvRow[],
  statuses: Readonly<Record<string, Status>>,
  known: readonly Status[],
): Status | null {
  for (const row of rows) {
    const word = row.text("status");
    if (word === "") continue;
    const status = Object.hasOwn(statuses, word)
      ? statuses[word]
      : known.find((own) => own === word.toLowerCase());
    if (status !== undefined) return status;
    row.problem(
      "status",
      `nobody said what "${word}" means: add it to the profile's statuses (${known.join(", ")}).`,
    );
  }
  return null;
}

/** When the latest of them happened. */
export function latestOf(rows: readonly CsvRow[]): number {
  return rows.reduce((latest, row) => Math.max(latest, row.time("at").from), -Infinity);
}
