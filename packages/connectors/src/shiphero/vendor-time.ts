// ShipHero's times have no zone: which one they are in is the connection's setting.
import type { Instant } from "@onepool/core/ledger/units.ts";

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/;

export function isTime(text: string): boolean {
  const [, day, clock = "00:00"] = TIME.exec(text) ?? [];
  return day !== undefined && !Number.isNaN(Date.parse(`${day}T${clock}Z`));
}

/** The instant of a time that `isTime`; one without a zone is in `timeZone`. In the hour that a clock shows twice it is the first. */
export function readTime(text: string, timeZone: string): Instant {
  const [, day, clock = "00:00", zone] = TIME.exec(text) ?? [];
  if (zone !== undefined) return Date.parse(`${day}T${clock}${zone}`);
  const wall = Date.parse(`${day}T${clock}Z`);
  // Whichever of the offsets around it fits: the earlier instant first.
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((at) => offsetAt(at, timeZone));
  const fitting = offsets.map((offset) => wall - offset).filter((at) => at + offsetAt(at, timeZone) === wall);
  // A time that the clock skipped has none; it is read as if the clock had not been changed yet.
  return fitting.length > 0 ? Math.min(...fitting) : wall - (offsets[0] ?? 0);
}

const DAY_MS = 86_400_000;

/** The same to the second, as ShipHero takes it. */
export function writeTime(at: Instant, timeZone: string): string {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 19);
}

export function isTimeZone(timeZone: string): boolean {
  try {
    formatOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** How far a zone's clocks are ahead of UTC, in milliseconds. */
function offsetAt(at: Instant, timeZone: string): number {
  if (timeZone === "UTC") return 0;
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const wall = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return wall - Math.floor(at / 1_000) * 1_000;
}

/** Slow to make, so they are kept: there are about 400 zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const numeric = { year: "numeric", month: "numeric", day: "numeric" } as const;
  const clock = { hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23" } as const;
  const format = new Intl.DateTimeFormat("en-US", { timeZone, ...numeric, ...clock });
  formats.set(timeZone, format);
  return format;
}
