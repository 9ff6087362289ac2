import { MAX_UNITS, type Instant, type Units } from "@onepool/core/ledger/units.ts";

import { readFileTime, type TimeFormat, type WrittenTime } from "../file-time.ts";
import type { CsvLine } from "./csv-table.ts";
import type { Problems } from "./problems.ts";

/** Which column of a row is which, by the names that profiles use. */
export type ColumnIndexes = ReadonlyMap<string, { readonly index: number; readonly heading: string }>;

export interface RowContext {
  readonly columns: ColumnIndexes;
  readonly times: TimeFormat;
  /** The facility where no column names it; null where that has to be told. */
  readonly location: string | null;
  /** Nothing happened after it. */
  readonly receivedAt: Instant;
  readonly problems: Problems;
}

/** Clocks may differ by this, in milliseconds. */
const FUTURE_MS = 5 * 60_000;

/** Texts that name something are kept in the database as codes. */
const CODE_LENGTH_MAX = 200;

/** A row by its columns' names. What cannot be read is noted as a problem, and read as nothing. */
export class CsvRow {
  readonly line: number;
  private readonly cells: readonly string[];
  private readonly context: RowContext;

  constructor({ line, cells }: CsvLine, context: RowContext) {
    this.line = line;
    this.cells = cells;
    this.context = context;
  }

  /** Empty where there is no such column, or nothing in it. */
  text(name: string): string {
    const column = this.context.columns.get(name);
    return column === undefined ? "" : (this.cells[column.index] ?? "");
  }

  /** A code that has to be there. */
  code(name: string): string {
    const text = this.text(name);
    if (text === "") this.problem(name, "it is empty: every row has to name it.");
    if (text.length > CODE_LENGTH_MAX)
      this.problem(name, `it has ${text.length} characters where at most ${CODE_LENGTH_MAX} make sense.`);
    return text;
  }

  facility(): string {
    const { location, columns } = this.context;
    const told = this.text("location");
    if (told !== "") return this.code("location");
    if (location !== null) return location;
    if (columns.has("location")) return this.code("location");
    this.context.problems.add(
      this.line,
      null,
      "no column names the place: add columns.location, or location, to the file's profile.",
    );
    return "";
  }

  /** A whole number of units; `otherwise` where the cell is empty or the column is not there. */
  units(name: string, otherwise: Units | null = null): Units {
    const text = this.text(name).replace(/^[−–]/, "-");
    if (text === "") {
      if (otherwise === null) this.problem(name, "it is empty: write 0 where there are none.");
      return otherwise ?? 0;
    }
    const units = Number(text);
    if (/^[+-]?\d+$/.test(text) && Math.abs(units) <= MAX_UNITS) return units === 0 ? 0 : units;
    const mend = "write a whole number without decimals, separators or units.";
    this.problem(name, `"${shown(text)}" is no number of units: ${mend}`);
    return 0;
  }

  /** As `units`, and not below 0. */
  count(name: string, otherwise: Units | null = null): Units {
    const units = this.units(name, otherwise);
    if (units < 0) this.problem(name, `${units} is below 0, which a count cannot be.`);
    return Math.max(0, units);
  }

  time(name: string): WrittenTime {
    const { times, receivedAt } = this.context;
    const text = this.text(name);
    const read = text === "" ? null : readFileTime(text, times);
    if (text === "") this.problem(name, "it is empty: every row has to say its time.");
    else if (read === null) {
      const format =
        times.dateFormat === "ISO" ? "an ISO time such as 2026-11-23T10:00:00Z" : times.dateFormat;
      this.problem(name, `"${shown(text)}" is no time as ${format}: mend it, or the profile's dateFormat.`);
    } else if (read.from > receivedAt + FUTURE_MS)
      this.problem(
        name,
        `"${shown(text)}" (${times.timeZone}) is yet to come: check the profile's timeZone.`,
      );
    return read === null
      ? { from: receivedAt, to: receivedAt }
      : { ...read, to: Math.max(read.from, Math.min(read.to, receivedAt)) };
  }

  problem(name: string, what: string): void {
    const heading = this.context.columns.get(name)?.heading ?? name;
    this.context.problems.add(this.line, `"${heading}"`, what);
  }
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
