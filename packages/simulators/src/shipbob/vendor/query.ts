import { badRequest, type VendorAnswer } from "./vendor-answer.ts";

/** A query as Fastify reads it. */
type RawQuery = Record<string, string | string[] | undefined>;

/** Parameters that were given, all of them known ones. */
export type Query<Name extends string> = Partial<Record<Name, string>>;

/**
 * The query, or a 400 for a parameter nobody knows: whether the real API ignores it is ASSUMED the worse way round,
 * since a filter that is silently ignored is the mistake a client must not make.
 */
export function readQuery<const Name extends string>(
  raw: unknown,
  names: readonly Name[],
): { query: Query<Name> } | { wrong: VendorAnswer } {
  const known = new Map<string, Name>(names.map((name) => [name.toLowerCase(), name]));
  const query: Query<Name> = {};
  for (const [given, value] of Object.entries((raw ?? {}) as RawQuery)) {
    const name = known.get(given.toLowerCase());
    if (name === undefined) return { wrong: badRequest(given, "is not a parameter of this call.") };
    if (typeof value !== "string") return { wrong: badRequest(given, "is given more than once.") };
    if (value !== "") query[name] = value;
  }
  return { query };
}

/** Comma-separated values, or undefined where none were given. */
export function listIn(text: string | undefined): string[] | undefined {
  return text?.split(",").map((part) => part.trim());
}

/** Comma-separated whole numbers; undefined where none were given, null where one is no number. */
export function numbersIn(text: string | undefined): number[] | undefined | null {
  const parts = listIn(text);
  if (parts === undefined) return undefined;
  return parts.every((part) => /^\d{1,15}$/.test(part)) ? parts.map(Number) : null;
}

/** A whole number between both ends, the fallback where none was given, undefined where it is wrong. */
export function wholeNumber(
  text: string | undefined,
  { min, max, fallback }: { min: number; max: number; fallback: number },
): number | undefined {
  if (text === undefined) return fallback;
  const value = Number(text);
  return /^\d{1,9}$/.test(text) && value >= min && value <= max ? value : undefined;
}

/** An instant in ISO 8601; without a zone it is UTC (ASSUMED). */
export function instantIn(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text))
    return undefined;
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes("T");
  const at = Date.parse(hasZone ? text : `${text}Z`);
  return Number.isNaN(at) ? undefined : at;
}

/** What a span of time filters by. */
export interface Span {
  from: number;
  to: number;
}

/** A span from two parameters, or the one that is wrong. */
export function spanIn<Name extends string>(
  query: Query<Name>,
  from: Name,
  to: Name,
): Span | { wrong: VendorAnswer } {
  const span: Span = { from: -Infinity, to: Infinity };
  for (const [name, end] of [
    [from, "from"],
    [to, "to"],
  ] as const) {
    const text = query[name];
    if (text === undefined) continue;
    const at = instantIn(text);
    if (at === undefined) return { wrong: badRequest(name, "is not a date.") };
    span[end] = at;
  }
  return span;
}

export function isWithin(at: number | null | undefined, { from, to }: Span): boolean {
  return typeof at === "number" && at >= from && at <= to;
}

/** Whether a filter lets a value pass; one that was not given lets all pass. */
export function isAmong<Value>(values: readonly Value[] | undefined, value: Value): boolean {
  return values === undefined || values.includes(value);
}
