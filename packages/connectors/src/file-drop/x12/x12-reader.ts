import { type Instant, MAX_UNITS, type Units } from "@onepool/core/ledger/units.ts";

import type { Problems } from "../csv/problems.ts";
import { readFileTime, type WrittenTime } from "../file-time.ts";
import type { X12Profile } from "../profile.ts";
import type { Segment, Transaction } from "./interchange.ts";

/** What the reading of every transaction of a file has in common. */
export interface X12Context {
  readonly profile: X12Profile;
  readonly timeZone: string;
  /** The facility where no N1*WH names it; null where that has to be told. */
  readonly location: string | null;
  /** Nothing happened after it. */
  readonly receivedAt: Instant;
  readonly problems: Problems;
}

/** Each: one. Cases and pallets are of so many units that no file says. */
const UNITS_OF_ONE = new Set(["", "EA", "PC", "UN"]);

/** Clocks may differ by this, in milliseconds. */
const FUTURE_MS = 5 * 60_000;

/** X12 has none that are longer. */
const CODE_LENGTH_MAX = 80;

/** Elements of one transaction. What cannot be read is noted as a problem, and read as nothing. */
export class X12Reader {
  readonly transaction: Transaction;
  readonly profile: X12Profile;
  private readonly context: X12Context;

  constructor(transaction: Transaction, context: X12Context) {
    this.transaction = transaction;
    this.context = context;
    this.profile = context.profile;
  }

  /** The one that the transaction has to have at its head. */
  required(tag: string): Segment {
    const found = this.transaction.segments.find(({ elements }) => elements[0] === tag);
    if (found === undefined) this.problem(this.transaction.opening, `its ${tag} is missing.`);
    return found ?? this.transaction.opening;
  }

  code({ number, elements }: Segment, at: number): string {
    const text = elements[at] ?? "";
    if (text === "") this.problem({ number, elements }, `${elements[0]}${two(at)} is empty.`);
    return this.short({ number, elements }, text);
  }

  /** By the first of the profile's qualifiers that is among the pairs of qualifier and code, whose qualifiers stand at `pairsAt`. */
  item(segment: Segment, pairsAt: readonly number[]): string {
    const { elements } = segment;
    for (const qualifier of this.profile.items) {
      const at = pairsAt.find((index) => elements[index] === qualifier && (elements[index + 1] ?? "") !== "");
      if (at !== undefined) return this.short(segment, elements[at + 1] ?? "");
    }
    this.problem(segment, `it names no item by ${this.profile.items.join(", ")}.`);
    return "";
  }

  /** A whole number of single units; `otherwise` where the element is empty. */
  units(segment: Segment, at: { quantity: number; measure: number }, otherwise: Units | null = null): Units {
    const { elements } = segment;
    const measure = (elements[at.measure] ?? "").split(this.transaction.componentSeparator)[0] ?? "";
    if (!UNITS_OF_ONE.has(measure))
      this.problem(segment, `its quantity is in ${measure}, and only EA, PC and UN are single units.`);
    const text = elements[at.quantity] ?? "";
    if (text === "" && otherwise !== null) return otherwise;
    const units = Number(text);
    if (/^[+-]?\d+(?:\.0*)?$/.test(text) && Math.abs(units) <= MAX_UNITS) return units === 0 ? 0 : units;
    const name = `${elements[0]}${two(at.quantity)}`;
    this.problem(
      segment,
      text === ""
        ? `its quantity ${name} is missing.`
        : `${name} "${text.slice(0, 40)}" is no whole number of units.`,
    );
    return 0;
  }

  /** As `units`, and not below 0. */
  count(segment: Segment, at: { quantity: number; measure: number }, otherwise: Units | null = null): Units {
    const units = this.units(segment, at, otherwise);
    if (units < 0) this.problem(segment, `${units} is below 0, which a count cannot be.`);
    return Math.max(0, units);
  }

  /** The place that an N1*WH names, by its code or else by its name; null for what is no such segment. */
  warehouse(segment: Segment): string | null {
    const [tag, entity, name = "", , code = ""] = segment.elements;
    if (tag !== "N1" || entity !== "WH") return null;
    const told = code === "" ? name : code;
    return told === "" ? null : this.short(segment, told);
  }

  /** Where all of the transaction is. */
  facility(): string {
    const told = this.transaction.segments
      .map((segment) => this.warehouse(segment))
      .find((name) => name !== null);
    return told ?? this.otherwiseAt(this.transaction.opening);
  }

  /** Where nothing names the place. */
  otherwiseAt(segment: Segment): string {
    const { location } = this.context;
    if (location === null)
      this.problem(segment, "no N1*WH names the place: add location to the file's profile.");
    return location ?? "";
  }

  /** CCYYMMDD or YYMMDD, with HHMM or HHMMSS; without a time, it covers the day. */
  time(segment: Segment, date: string, clock = ""): WrittenTime {
    const { receivedAt, timeZone } = this.context;
    const day = date.length === 6 ? `20${date}` : date;
    const format = `yyyyMMdd${clock.length >= 6 ? "HHmmss" : clock === "" ? "" : "HHmm"}`;
    const read = readFileTime(`${day}${clock.slice(0, 6)}`, { dateFormat: format, timeZone });
    if (read === null || !/^\d{8}$/.test(day)) {
      this.problem(
        segment,
        `"${`${date} ${clock}`.trim()}" is no date CCYYMMDD with or without a time HHMM.`,
      );
      return { from: receivedAt, to: receivedAt };
    }
    if (read.from > receivedAt + FUTURE_MS)
      this.problem(segment, `${date} ${clock} (${timeZone}) is yet to come: check the profile's timeZone.`);
    return { ...read, to: Math.max(read.from, Math.min(read.to, receivedAt)) };
  }

  /**
   * When a document of a day happened: when its group was made, if that is of the same day, otherwise as the day began. A day alone
   * would put all that left in the afternoon before the count at noon.
   */
  occurredAt(segment: Segment, date: string): Instant {
    const day = this.time(segment, date);
    const { envelope, opening } = this.transaction;
    if (!/^\d{8}$/.test(envelope.date) || !/^\d{4}/.test(envelope.time)) return day.from;
    const made = this.time(opening, envelope.date, envelope.time).from;
    return made >= day.from && made <= day.to ? made : day.from;
  }

  problem({ number, elements }: Segment, what: string): void {
    this.context.problems.add(number, elements[0] ?? "", what);
  }

  private short(segment: Segment, code: string): string {
    if (code.length > CODE_LENGTH_MAX)
      this.problem(
        segment,
        `a code in it has ${code.length} characters where at most ${CODE_LENGTH_MAX} make sense.`,
      );
    return code;
  }
}

function two(at: number): string {
  return String(at).padStart(2, "0");
}
