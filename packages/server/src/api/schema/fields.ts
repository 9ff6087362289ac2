// The kinds of value bodies are made of. The `error` of each completes the sentence "<field> must be …".
import { MAX_UNITS } from "@onepool/core/ledger/units.ts";
import { z } from "zod";

const CODE_TEXT = "a string of 1 to 200 characters without control characters";

/** Unicode-aware: counts code points, and a lone surrogate is none. */
const CODE_PATTERN = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/** A code of the seller's or a channel's: SKU, location, order … Case-sensitive, taken as it is. */
export const code = z.string({ error: CODE_TEXT }).regex(CODE_PATTERN, { error: CODE_TEXT });

const LINE_TEXT = "a string of 1 to 1,000 characters without control characters";

/** A line of text for people. */
export const lineOfText = z
  .string({ error: LINE_TEXT })
  .regex(/^[^\p{Cc}\p{Cs}]{1,1000}$/u, { error: LINE_TEXT });

const URL_TEXT =
  "an http or https URL of at most 1,000 characters without user name, password, query or fragment";

/** A base URL of a channel; without a trailing slash, so that the same place is written in one way. */
export const baseUrl = z
  .string({ error: URL_TEXT })
  .max(1000, { error: URL_TEXT })
  .refine(isBaseUrl, { error: URL_TEXT })
  .transform((text) => text.replace(/\/+$/, ""));

function isBaseUrl(text: string): boolean {
  const url = /^https?:\/\/[\x21-\x7e]+$/.test(text) ? URL.parse(text) : null;
  return url !== null && [url.username, url.password, url.search, url.hash].every((part) => part === "");
}

/** 9999-12-31T23:59:59.999Z: PostgreSQL goes further, the four digits of the year do not. */
const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const INSTANT_TEXT =
  "an instant as ISO 8601 with seconds and offset between 1970 and 9999, for example 2026-11-23T10:00:00Z";

/** ISO 8601 with an offset, to the millisecond; as milliseconds from here on. */
export const instant = z.iso.datetime({ offset: true, error: INSTANT_TEXT }).transform((text, context) => {
  const milliseconds = Date.parse(text);
  if (milliseconds >= 0 && milliseconds <= LAST_INSTANT) return milliseconds;
  context.issues.push({ code: "custom", input: text, message: INSTANT_TEXT });
  return z.NEVER;
});

function integer(least: number, most: number) {
  const error = `an integer from ${grouped(least)} to ${grouped(most)}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

function grouped(number: number): string {
  return number.toLocaleString("en-US");
}

/** Units of one line or movement. */
export const units = integer(1, MAX_UNITS);

/** Units that may be none: cancelled, shipped, returning, counted, buffer, floor, cap. */
export const unitsOrNone = integer(0, MAX_UNITS);

const SIGNED_TEXT = `an integer from -${grouped(MAX_UNITS)} to ${grouped(MAX_UNITS)} except 0`;

/** Units of an adjustment: found (positive) or missed (negative). */
export const signedUnits = z
  .int({ error: SIGNED_TEXT })
  .min(-MAX_UNITS, { error: SIGNED_TEXT })
  .max(MAX_UNITS, { error: SIGNED_TEXT })
  .refine((value) => value !== 0, { error: SIGNED_TEXT });

/** Days, up to ten years. */
export const days = integer(0, 3650);

/** Seconds a reservation may last: a second to a week. */
export const ttlSeconds = integer(1, 604_800);

const AMOUNT_TEXT =
  'a decimal string with at most 12 digits before and 4 behind the point, for example "6.50"';
const CURRENCY_TEXT = 'an ISO 4217 currency code, for example "USD"';

/** An amount of money. A string, since JSON numbers are not decimal. */
export const money = z.strictObject({
  amount: z.string({ error: AMOUNT_TEXT }).regex(/^(0|[1-9]\d{0,11})(\.\d{1,4})?$/, { error: AMOUNT_TEXT }),
  currency: z.string({ error: CURRENCY_TEXT }).regex(/^[A-Z]{3}$/, { error: CURRENCY_TEXT }),
});

/** A recipe: each listing unit sold takes `units` of each SKU. */
export const components = z
  .array(z.strictObject({ sku: code, units }))
  .min(1)
  .max(100);
