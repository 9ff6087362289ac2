/** A query as it came: a parameter given more than once is a list. */
export type RawQuery = Record<string, string | string[]>;

/** What a query may hold, by parameter: one text, or values joined with commas. */
type QueryShape = Record<string, "text" | "list">;

/** Parameters that were given, each of its declared shape. */
export type Query<Shape extends QueryShape> = {
  [Name in keyof Shape]?: Shape[Name] extends "list" ? string[] : string;
};

/** Splits a query without losing that a parameter was repeated. */
export function parseQuery(text: string): RawQuery {
  const query: RawQuery = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const known = query[name];
    if (known === undefined) query[name] = value;
    else query[name] = [...(Array.isArray(known) ? known : [known]), value];
  }
  return query;
}

/** The query in its declared shape, or what is wrong with it. */
export function readQuery<const Shape extends QueryShape>(
  raw: RawQuery,
  shape: Shape,
): { query: Query<Shape> } | { wrong: string } {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(raw)) {
    const kind = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (kind === undefined) return { wrong: `The parameter '${name}' is not known.` };
    // The models declare lists as comma-separated; what a repeated parameter answers is ASSUMED.
    if (Array.isArray(value)) return { wrong: `The parameter '${name}' is given more than once.` };
    if (value === "") return { wrong: `The parameter '${name}' is empty.` };
    query[name] = kind === "list" ? value.split(",") : value;
  }
  return { query: query as Query<Shape> };
}

/** The first value that is not among the allowed ones, told as a sentence. */
export function strangerAmong(
  name: string,
  values: readonly string[] | undefined,
  allowed: readonly string[],
): string | undefined {
  const stranger = values?.find((value) => !allowed.includes(value));
  return stranger === undefined ? undefined : `'${stranger}' is not a valid value for '${name}'.`;
}

/** A whole number between both ends, or undefined. */
export function wholeNumberIn(text: string, min: number, max: number): number | undefined {
  const value = Number(text);
  return /^\d{1,9}$/.test(text) && value >= min && value <= max ? value : undefined;
}
