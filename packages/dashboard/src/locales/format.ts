// Every number, date and duration on the screens is written here, and nowhere else.

export interface Formats {
  readonly units: (units: number) => string;
  /** With a sign also when it is a gain: +3, −2. */
  readonly change: (units: number) => string;
  /** 14:03:22; with the day when it was not today. */
  readonly moment: (instant: number, now: number) => string;
  /** Mon 7 Dec; what is expected then has no hour. */
  readonly day: (instant: number) => string;
  /** Whole days of the calendar until an instant, below 0 when it was before today. */
  readonly daysUntil: (instant: number, now: number) => number;
  /** today, tomorrow, in 5 days, 3 days ago. */
  readonly inDays: (days: number) => string;
  /** With day, hours and seconds. */
  readonly dateTime: (instant: number) => string;
  /** For the ticks of a time axis `spanMs` wide. */
  readonly tick: (instant: number, spanMs: number) => string;
  /** How long ago, in steps coarse enough not to flicker; null when it is too short to tell. */
  readonly age: (elapsedMs: number) => string | null;
  /** How long something took: 420ms, 1.8s, 3m. */
  readonly duration: (ms: number) => string;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Ages below this read as "just now"; above it they move in steps of ten seconds. */
const AGE_STEP_MS = 10 * SECOND_MS;

/** `tag` is a BCP 47 tag, `timeZone` an IANA name; undefined is the browser's own. */
export function createFormats(tag: string, timeZone?: string): Formats {
  const whole = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const signed = new Intl.NumberFormat(tag, { maximumFractionDigits: 0, signDisplay: "exceptZero" });
  const relative = new Intl.RelativeTimeFormat(tag, { style: "narrow" });
  const calendar = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const date = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(tag, { ...options, ...(timeZone === undefined ? {} : { timeZone }) });
  const time = date({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const dayAndTime = date({
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const full = date({ dateStyle: "medium", timeStyle: "medium" });
  const dayKey = date({ year: "numeric", month: "2-digit", day: "2-digit" });
  const weekday = date({ weekday: "short", day: "numeric", month: "short" });
  const zone = timeZone === undefined ? {} : { timeZone };
  const isoDay = new Intl.DateTimeFormat("en-CA", { dateStyle: "short", ...zone });
  const dayNumber = (instant: number) => Date.parse(isoDay.format(instant)) / DAY_MS;
  const ticks = {
    second: date({ minute: "2-digit", second: "2-digit", hour: "2-digit", hourCycle: "h23" }),
    minute: date({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    day: date({ day: "numeric", month: "short" }),
    month: date({ month: "short", year: "2-digit" }),
  };
  return {
    units: (units) => withMinus(whole.format(units)),
    change: (units) => withMinus(signed.format(units)),
    moment: (instant, now) => {
      const sameDay = dayKey.format(instant) === dayKey.format(now);
      return (sameDay ? time : dayAndTime).format(instant);
    },
    day: (instant) => weekday.format(instant),
    daysUntil: (instant, now) => Math.round(dayNumber(instant) - dayNumber(now)),
    inDays: (days) => calendar.format(days, "day"),
    dateTime: (instant) => full.format(instant),
    tick: (instant, spanMs) => ticks[tickStep(spanMs)].format(instant),
    age: (elapsedMs) => ageText(relative, elapsedMs),
    duration: durations(tag),
  };
}

/** English numbers come with a hyphen, which is too short to be seen before a large digit. */
function withMinus(number: string): string {
  return number.replace("-", "\u2212");
}

function tickStep(spanMs: number): "second" | "minute" | "day" | "month" {
  if (spanMs < 10 * MINUTE_MS) return "second";
  if (spanMs < 2 * DAY_MS) return "minute";
  return spanMs < 180 * DAY_MS ? "day" : "month";
}

function ageText(relative: Intl.RelativeTimeFormat, elapsedMs: number): string | null {
  if (elapsedMs < AGE_STEP_MS) return null;
  if (elapsedMs < MINUTE_MS) {
    return relative.format(-Math.floor(elapsedMs / AGE_STEP_MS) * (AGE_STEP_MS / SECOND_MS), "second");
  }
  if (elapsedMs < HOUR_MS) return relative.format(-Math.floor(elapsedMs / MINUTE_MS), "minute");
  if (elapsedMs < 2 * DAY_MS) return relative.format(-Math.floor(elapsedMs / HOUR_MS), "hour");
  return relative.format(-Math.floor(elapsedMs / DAY_MS), "day");
}

function durations(tag: string): (ms: number) => string {
  // Making a format takes far longer than using it.
  const made = new Map<string, Intl.NumberFormat>();
  return (ms) => {
    const [value, unit] = durationParts(ms);
    // Two digits that matter: 1.8s, 42s, 420ms.
    const maximumFractionDigits = value < 10 && unit !== "millisecond" ? 1 : 0;
    const key = `${unit} ${maximumFractionDigits}`;
    const options = { style: "unit", unit, unitDisplay: "narrow", maximumFractionDigits } as const;
    const format = made.get(key) ?? new Intl.NumberFormat(tag, options);
    made.set(key, format);
    return format.format(value);
  };
}

function durationParts(ms: number): [value: number, unit: "millisecond" | "second" | "minute" | "hour"] {
  if (ms < SECOND_MS) return [ms, "millisecond"];
  if (ms < 2 * MINUTE_MS) return [ms / SECOND_MS, "second"];
  if (ms < 2 * HOUR_MS) return [ms / MINUTE_MS, "minute"];
  return [ms / HOUR_MS, "hour"];
}
