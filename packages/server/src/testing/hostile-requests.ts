// Requests that nobody should send, made of ones that are right.
import fc from "fast-check";

import type { Route } from "../api/route/route.ts";
import { ROUTES } from "../api/routes.ts";

export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  /** As text, since much of it is nothing that JSON.stringify would write. */
  readonly body: string | Uint8Array | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Replaced by its text in the body, without the quotes. */
const RAW = "\u0001raw:";

const NASTY_STRINGS = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\udfff\ud800",
  "\u202e",
  "x".repeat(201),
  "y".repeat(70_000),
  "'; drop table entry; --",
  "\\'; select pg_sleep(10); --",
  "$1",
  "%s%n",
  "../../etc/passwd",
  "{{7*7}}",
  "<script>",
  "NaN",
  "null",
  "__proto__",
  "constructor",
  "KB-M",
  "web",
  "main",
  "2026-11-23T10:00:00Z",
  "0000-00-00T00:00:00Z",
  "9999-12-31T23:59:59.999-23:59",
  "cart-9",
  "paid",
  "count",
];

const NASTY_LITERALS = [
  "1e400",
  "-1e400",
  "9007199254740993",
  "18446744073709551616",
  "1.0",
  "-0",
  "0.1",
  "1e9",
  "1000000001",
  "-1",
  "0",
  "true",
  "null",
  "[]",
  "{}",
  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
  '{"__proto__":{"admin":true}}',
  '{"toString":1,"toString":2}',
  "nope",
  "",
  "1,2",
];

const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...NASTY_STRINGS),
  fc.constantFrom(...NASTY_LITERALS.map((text) => RAW + text)),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.double(),
  fc.maxSafeInteger(),
  fc.jsonValue({ maxDepth: 2 }),
);

type Path = readonly (string | number)[];

/** Every place in a value, itself among them. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inside = Array.isArray(value)
    ? value.flatMap((item: unknown, index) => placesIn(item, [...path, index]))
    : Object.entries(value).flatMap(([name, member]) => placesIn(member, [...path, name]));
  return [path, ...inside];
}

/** A copy with another value at a place; `undefined` leaves it out. */
function replaced(value: unknown, [step, ...rest]: Path, by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === step ? replaced(item, rest, by) : item));
  const members = Object.entries(value as object).map(([name, member]) =>
    name === step ? ([name, replaced(member, rest, by)] as const) : ([name, member as unknown] as const),
  );
  return Object.fromEntries(members);
}

function textOf(value: unknown): string {
  const json = JSON.stringify(value) ?? "";
  return json.replaceAll(
    /"\\u0001raw:((?:[^"\\]|\\.)*)"/g,
    (_, raw: string) => JSON.parse(`"${raw}"`) as string,
  );
}

/** Bodies one or two changes away from one that is right. */
function bodiesFrom(example: object): fc.Arbitrary<string | Uint8Array> {
  const places = placesIn(example);
  const change = fc.record({
    place: fc.constantFrom(...places),
    by: fc.option(nastyValue, { nil: undefined }),
  });
  const changed = fc
    .array(change, { minLength: 1, maxLength: 2 })
    .map((changes) =>
      textOf(changes.reduce<unknown>((value, { place, by }) => safely(value, place, by), example)),
    );
  const right = JSON.stringify(example);
  const torn = fc.nat(right.length).map((at) => right.slice(0, at));
  const repeated = fc
    .constantFrom(...places)
    .map(() => right.replace("{", `{${right.slice(1, right.lastIndexOf("}"))},`));
  const bytes = fc.tuple(fc.nat(right.length - 1), fc.integer({ min: 0x80, max: 0xff })).map(([at, byte]) => {
    const torn8 = Buffer.from(right);
    torn8[at] = byte;
    return torn8;
  });
  const unknown = fc
    .tuple(fc.string(), nastyValue)
    .map(([name, value]) => textOf({ ...example, [name]: value }));
  return fc.oneof(
    { weight: 8, arbitrary: changed },
    { weight: 1, arbitrary: fc.oneof(torn, repeated, bytes, unknown) },
    { weight: 1, arbitrary: fc.constant(right) },
  );
}

/** The second change may find its place gone. */
function safely(value: unknown, place: Path, by: unknown): unknown {
  return placesIn(value).some((known) => known.join("\u0001") === place.join("\u0001"))
    ? replaced(value, place, by)
    : value;
}

const KNOWN_CODES: Readonly<Record<string, string>> = {
  sku: "KB-M",
  code: "meli-mx",
  connection: "meli-mx",
  externalId: "MLM1",
  channel: "web",
  orderId: "A-1",
  reservationId: "cart-9",
};

const nastySegment = fc.oneof(
  fc.constantFrom(...NASTY_STRINGS.filter((text) => text !== "" && text.length < 1_000)),
  fc.string({ unit: "binary", minLength: 1, maxLength: 40 }),
);

function pathsFor(route: Route): fc.Arbitrary<string> {
  const segments = route.path.split("/").map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return fc.constant(part);
    const known = encodeURIComponent(KNOWN_CODES[name] ?? "x");
    const nasty = nastySegment.map((text) => encodeURIComponent(text.toWellFormed()));
    return fc.oneof({ weight: 3, arbitrary: fc.constant(known) }, { weight: 1, arbitrary: nasty });
  });
  return fc.tuple(...segments).map((parts) => parts.join("/"));
}

const QUERY_NAMES = [
  "q",
  "sku",
  "limit",
  "cursor",
  "at",
  "status",
  "channel",
  "orderId",
  "bucket",
  "kind",
  "state",
  "oversold",
  "__proto__",
];

const query = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom(...QUERY_NAMES), fc.string({ minLength: 1, maxLength: 10 })),
      fc.oneof(
        fc.constantFrom(...NASTY_STRINGS.filter((text) => text.length < 1_000)),
        fc.nat().map(String),
        fc.base64String(),
      ),
    ),
    { minLength: 0, maxLength: 3 },
  )
  .map((pairs) =>
    pairs.map((pair) => pair.map((text) => encodeURIComponent(text.toWellFormed())).join("=")).join("&"),
  );

const headers = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { "idempotency-key": "same" },
      { "idempotency-key": "x".repeat(300) },
      { "content-type": "text/plain" },
      { "content-type": "application/json; charset=utf-16" },
      { "content-encoding": "br" },
    ),
  },
);

/** Hostile requests to every route. */
export function hostileRequests(): fc.Arbitrary<HostileRequest> {
  return fc.oneof(...ROUTES.map((route) => requestsTo(route)));
}

function requestsTo(route: Route): fc.Arbitrary<HostileRequest> {
  const body =
    route.example === undefined
      ? fc.constant(undefined)
      : fc.option(bodiesFrom(route.example), { nil: undefined, freq: 20 });
  return fc
    .record({ path: pathsFor(route), query: fc.option(query, { nil: "", freq: 2 }), body, headers })
    .map((request) => ({
      method: route.method,
      path: request.query === "" ? request.path : `${request.path}?${request.query}`,
      body: request.body,
      headers: request.headers,
    }));
}
