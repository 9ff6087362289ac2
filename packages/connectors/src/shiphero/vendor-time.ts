// ShipHero's times have no zone: which one they are in is the connection's setting.
import type { Instant } from "@onepool/core/ledger/units.ts";

import { zoneOffset } from "../contract/zone-offset.ts";

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
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((at) => zoneOffset(timeZone, at));
  const fitting = offsets
    .map((offset) => wall - offset)
    .filter((at) => at + zoneOffset(timeZone, at) === wall);
  // A time that the clock skipped has none; it is read as if the clock had not been changed yet.
  return fitting.length > 0 ? Math.min(...fitting) : wall - (offsets[0] ?? 0);
}

const DAY_MS = 86_400_000;

/** The same to the second, as ShipHero takes it. */
export function writeTime(at: Instant, timeZone: string): string {
  return new Date(at + zoneOffset(timeZone, at)).toISOString().slice(0, 19);
}
