// Bytes → rows of cells with their line numbers, or what is wrong with the file.
import { CsvError, parse } from "csv-parse/sync";

import type { CsvProfile } from "../profile.ts";
import type { Problems } from "./problems.ts";

/** A line of the file: its number, from 1 on, and what stands in it. */
export interface CsvLine {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvTable {
  readonly headings: CsvLine | null;
  readonly rows: readonly CsvLine[];
}

type Reading = Pick<CsvProfile, "delimiter" | "encoding" | "skipLines" | "trailer">;

/** `hasHeadings`: the first line after those that are skipped names the columns. Null when problems were found. */
export function readTable(
  bytes: Uint8Array,
  profile: Reading,
  hasHeadings: boolean,
  problems: Problems,
): CsvTable | null {
  const text = decode(bytes, profile.encoding, problems);
  if (text === null) return null;
  const whole = withoutTrailer(text, profile.trailer, problems);
  if (whole === null) return null;
  const lines = linesOf(whole.text, profile, problems);
  if (lines === null) return null;
  const headings = hasHeadings ? (lines[0] ?? null) : null;
  if (hasHeadings && headings === null) {
    problems.add(
      profile.skipLines + 1,
      null,
      "the line with the headings is missing: the file is empty or cut off.",
    );
    return null;
  }
  const rows = hasHeadings ? lines.slice(1) : lines;
  checkWidths(headings, rows, problems);
  if (whole.rows !== null && whole.rows !== rows.length)
    problems.add(
      whole.line,
      null,
      `it says ${whole.rows} rows and there are ${rows.length}: the file is not whole; have it sent again.`,
    );
  return problems.isEmpty ? { headings, rows } : null;
}

function checkWidths(headings: CsvLine | null, rows: readonly CsvLine[], problems: Problems): void {
  const width = (headings ?? rows[0])?.cells.length ?? 0;
  for (const { line, cells } of rows)
    if (cells.length !== width)
      problems.add(
        line,
        null,
        `it has ${cells.length} fields where there should be ${width}: it is cut off, or a text with the delimiter in it lacks its quotes.`,
      );
}

function decode(bytes: Uint8Array, encoding: Reading["encoding"], problems: Problems): string | null {
  if (bytes.includes(0)) {
    problems.add(
      1,
      null,
      "there are zero bytes: the file is damaged, half written, or no CSV file; have it sent again.",
    );
    return null;
  }
  // What vendors call Latin-1 is Windows' superset of it.
  const decoder =
    encoding === "latin1" ? new TextDecoder("windows-1252") : new TextDecoder("utf-8", { fatal: true });
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    problems.add(
      1,
      null,
      "the file is not UTF-8: set its profile's encoding to latin1, or have it written as UTF-8.",
    );
    return null;
  }
}

interface Whole {
  readonly text: string;
  /** Rows by the trailer's word; null where it does not say. */
  readonly rows: number | null;
  /** The trailer's. */
  readonly line: number;
}

/** A trailer of any length is no trailer: a pattern need not be tried on megabytes. */
const TRAILER_LENGTH_MAX = 1_000;

function withoutTrailer(text: string, trailer: string | undefined, problems: Problems): Whole | null {
  if (trailer === undefined) return { text, rows: null, line: 0 };
  const trimmed = text.trimEnd();
  const from = Math.max(trimmed.lastIndexOf("\n"), trimmed.lastIndexOf("\r")) + 1;
  const last = trimmed.slice(from);
  const line = trimmed.split(/\r\n|\n|\r/).length;
  const found = last.length > TRAILER_LENGTH_MAX ? null : new RegExp(trailer, "u").exec(last);
  if (found === null) {
    const what = `the last line should be the end of the file (${trailer}) and is "${last.slice(0, 80)}": the file is not whole; have it sent again.`;
    problems.add(line, null, what);
    return null;
  }
  const rows = found.groups?.["rows"];
  return { text: text.slice(0, from), rows: rows === undefined ? null : Number(rows), line };
}

function linesOf(text: string, { delimiter, skipLines }: Reading, problems: Problems): CsvLine[] | null {
  try {
    const records = parse(text, {
      bom: true,
      delimiter,
      from_line: skipLines + 1,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as readonly { readonly record: string[]; readonly info: { readonly lines: number } }[];
    const lines = records.map(({ record, info }) => ({ line: info.lines, cells: record }));
    // Lines of delimiters alone are what spreadsheets leave below a table.
    return lines.filter(({ cells }) => cells.some((cell) => cell !== ""));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? error["lines"] : 1;
    problems.add(line, null, `${error.message}: mend the quotes of that line.`);
    return null;
  }
}
