import { gzipSync } from "node:zlib";

import type { ConnectorErrorKind } from "@onepool/connectors/contract/connector-error.ts";

import type { Spoil } from "./channel-wire.ts";

/** An answer that is not the one hoped for, and what a connector must take it for. */
export interface BadAnswer {
  readonly name: string;
  readonly spoil: (wire: { readonly baseUrl: string; readonly now: number }) => Spoil;
  readonly kinds: readonly ConnectorErrorKind[];
  /** In milliseconds; null: none may be told; absent: not looked at. */
  readonly retryAfterMs?: number | null;
  /** A write that was answered so may have taken effect. */
  readonly isDoubtful?: boolean;
  /** It takes the connection's whole patience. */
  readonly isSlow?: boolean;
}

const answer = (status: number, body: string | Buffer, headers: Record<string, string> = {}) => ({
  spoil: (): Spoil => ({ kind: "answer", status, body, headers }),
});
const json = {
  message: "too many requests",
  error: "too_many_requests",
  errors: [{ code: "QuotaExceeded" }],
};
const html = "<html><head><title>Sorry</title></head><body><h1>Bad gateway</h1></body></html>";
const asHtml = { "content-type": "text/html" };
const throttled = { kinds: ["throttled"] } as const;
const stumble = { kinds: ["transient"], isDoubtful: true } as const;
/** A success that says nothing we understand. */
const riddle = { kinds: ["transient", "bug"], isDoubtful: true } as const;
const noAnswer = { kinds: ["transient"], isDoubtful: true } as const;

/** Deeper than any reader that calls itself can go. */
const abyss = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
const TEN_MEBIBYTES = 10 * 1024 * 1024;

const statuses: readonly BadAnswer[] = [
  {
    name: "429 that asks for no wait",
    ...answer(429, JSON.stringify(json)),
    ...throttled,
    retryAfterMs: null,
  },
  { name: "429 in plain text", ...answer(429, "local_rate_limited"), ...throttled, retryAfterMs: null },
  {
    name: "429 with seconds to wait",
    ...answer(429, "", { "retry-after": "7" }),
    ...throttled,
    retryAfterMs: 7_000,
  },
  {
    name: "429 with a time to wait for",
    spoil: ({ now }) => {
      const until = new Date(Math.ceil(now / 1_000) * 1_000 + 9_000).toUTCString();
      return { kind: "answer", status: 429, body: "{}", headers: { "retry-after": until } };
    },
    ...throttled,
    retryAfterMs: 9_000,
  },
  {
    name: "429 with a wait that is none",
    ...answer(429, "{}", { "retry-after": "soon" }),
    ...throttled,
    retryAfterMs: null,
  },
  { name: "500", ...answer(500, JSON.stringify({ message: "internal", status: 500 })), ...stumble },
  { name: "502 as a web page", ...answer(502, html, asHtml), ...stumble },
  {
    name: "503 with seconds to wait",
    ...answer(503, html, { ...asHtml, "retry-after": "3" }),
    ...stumble,
    retryAfterMs: 3_000,
  },
  { name: "504 without a body", ...answer(504, ""), ...stumble },
];

const bodies: readonly BadAnswer[] = [
  { name: "a web page with 200", ...answer(200, html, asHtml), ...riddle },
  { name: "nothing with 200", ...answer(200, ""), ...riddle },
  { name: "half a JSON", ...answer(200, '{"results":[{"id":1,"sta'), ...riddle },
  { name: "another JSON: an empty object", ...answer(200, "{}"), ...riddle },
  { name: "another JSON: null", ...answer(200, "null"), ...riddle },
  { name: "another JSON: a text", ...answer(200, '"ok"'), ...riddle },
  { name: "another JSON: an abyss", ...answer(200, abyss), ...riddle },
  { name: "bytes that are no text", ...answer(200, Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3])), ...riddle },
  { name: "ten mebibytes", ...answer(200, `"${"x".repeat(TEN_MEBIBYTES)}"`), ...riddle },
  {
    name: "ten mebibytes in a small parcel",
    ...answer(200, gzipSync(`"${"x".repeat(TEN_MEBIBYTES)}"`), { "content-encoding": "gzip" }),
    ...riddle,
  },
];

const silences: readonly BadAnswer[] = [
  ...[301, 302, 307, 308].map((status) => ({
    name: `${status} to another address`,
    spoil: ({ baseUrl }: { readonly baseUrl: string }): Spoil => ({
      kind: "answer",
      status,
      body: "",
      headers: { location: `${baseUrl}/trap` },
    }),
    kinds: ["transient", "bug"] as const,
  })),
  { name: "a call that is cut off", spoil: () => ({ kind: "dropped" }), ...noAnswer },
  { name: "an answer that breaks off", spoil: () => ({ kind: "truncated" }), ...noAnswer },
  { name: "an answer that never comes", spoil: () => ({ kind: "silent" }), ...noAnswer, isSlow: true },
  { name: "an answer that never ends", spoil: () => ({ kind: "stalled" }), ...noAnswer, isSlow: true },
];

/** What every call must survive, in the order in which it is tried. */
export const BAD_ANSWERS: readonly BadAnswer[] = [...statuses, ...bodies, ...silences];
