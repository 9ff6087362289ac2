// Times as files write them, with or without a zone, to the day, the minute or the second.
import type { Instant } from "@onepool/core/ledger/units.ts";

import { zoneOffset } from "../contract/zone-offset.ts";

/** A written time covers what it leaves unsaid: a day, a minute or nothing. */
export interface WrittenTime {
  readonly from: Instant;
  readonly to: Instant;
}

/** How times are written. */
export interface TimeFormat {
  /** `ISO`, or a pattern of yyyy, MM, dd, HH, mm and ss. */
  readonly dateFormat: string;
  /** IANA; of times that name no zone. */
  readonly timeZone: string;
}

const ISO =
  /^(?<yyyy>\d{4})-(?<MM>\d{2})-(?<dd>\d{2})(?:[T ](?<HH>\d{2}):(?<mm>\d{2})(?::(?<ss>\d{2})(?:[.,]\d{1,9})?)?(?<zone>Z|[+-]\d{2}:?\d{2})?)?$/;

const FIELDS: Readonly<Record<string, string>> = {
  yyyy: "\\d{4}",
  MM: "\\d{1,2}",
  dd: "\\d{1,2}",
  HH: "\\d{1,2}",
  mm: "\\d{2}",
  ss: "\\d{2}",
};

/** Whether a pattern names at least a day, and nothing twice. */
export function isTimeFormat(format: string): boolean {
  if (format === "ISO") return true;
  const named: readonly string[] = format.match(/yyyy|MM|dd|HH|mm|ss/g) ?? [];
  return ["yyyy", "MM", "dd"].every((field) => named.includes(field)) && new Set(named).size === named.length;
}

/** Null for what is no such time, or is none that exists: the 31st of February. */
export function readFileTime(text: string, { dateFormat, timeZone }: TimeFormat): WrittenTime | null {
  const found = (dateFormat === "ISO" ? ISO : patternOf(dateFormat)).exec(text.trim())?.groups;
  if (found === undefined) return null;
  const { HH, mm, ss, zone } = found;
  const numbers = [found["yyyy"], found["MM"], found["dd"], HH, mm, ss].map((part) => Number(part ?? 0));
  const clock = clockOf(numbers);
  if (clock === null) return null;
  const from = zone === undefined ? instantIn(timeZone, clock) : clock - offsetOf(zone);
  const unsaidMs = HH === undefined ? 86_400_000 - 1 : ss === undefined ? 60_000 - 1 : 0;
  return { from, to: from + unsaidMs };
}

function patternOf(format: string): RegExp {
  const escaped = format.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(
    `^${escaped.replaceAll(/yyyy|MM|dd|HH|mm|ss/g, (field) => `(?<${field}>${FIELDS[field]})`)}$`,
  );
}

/** The numbers on calendar and clock as if they were UTC's. */
function clockOf([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly number[]):
  | number
  | null {
  const clock = Date.UTC(year, month - 1, day, hour, minute, second);
  const read = new Date(clock);
  const isReal =
    read.getUTCMonth() === month - 1 && read.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? clock : null;
}

function offsetOf(zone: string): number {
  if (zone === "Z") return 0;
  const digits = zone.replaceAll(/\D/g, "");
  const ms = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
  return zone.startsWith("-") ? -ms : ms;
}

/** Of an hour that the clock goes through twice, one of both; one that it jumps over is near the jump. */
function instantIn(timeZone: string, clock: number): Instant {
  const guess = clock - zoneOffset(timeZone, clock);
  return clock - zoneOffset(timeZone, guess);
}
