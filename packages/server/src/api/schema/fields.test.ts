import { expect, test } from "vitest";
import { z } from "zod";

import { fieldProblem } from "./field-problem.ts";
import {
  baseUrl,
  code,
  components,
  instant,
  lineOfText,
  money,
  signedUnits,
  units,
  unitsOrNone,
} from "./fields.ts";

function messageOf(schema: z.ZodType, value: unknown): string | null {
  const body = z.strictObject({ field: schema });
  const checked = body.safeParse({ field: value });
  return checked.success ? null : fieldProblem(checked.error, { field: value }, "body").message;
}

test.each([
  [code, "A", null],
  [code, "x".repeat(200), null],
  [code, "👍".repeat(200), null],
  [code, "x".repeat(201), "field must be a string of 1 to 200 characters without control characters."],
  [code, "", "field must be a string of 1 to 200 characters without control characters."],
  [code, "a\u009f", "field must be a string of 1 to 200 characters without control characters."],
  [code, "\udc00", "field must be a string of 1 to 200 characters without control characters."],
  [code, 5, "field must be a string of 1 to 200 characters without control characters."],
  [code, undefined, "field is required: a string of 1 to 200 characters without control characters."],
  [lineOfText, "a b", null],
  [units, 1, null],
  [units, 1_000_000_000, null],
  [units, 1_000_000_001, "field must be an integer from 1 to 1,000,000,000."],
  [units, 0, "field must be an integer from 1 to 1,000,000,000."],
  [units, Number.POSITIVE_INFINITY, "field must be an integer from 1 to 1,000,000,000."],
  [unitsOrNone, 0, null],
  [signedUnits, -1_000_000_000, null],
  [signedUnits, 0, "field must be an integer from -1,000,000,000 to 1,000,000,000 except 0."],
  [money, { amount: "0.0001", currency: "MXN" }, null],
  [money, { amount: "999999999999.9999", currency: "MXN" }, null],
  [
    money,
    { amount: "1000000000000", currency: "MXN" },
    expect.stringContaining("field.amount must be a decimal string"),
  ],
  [money, { amount: "1.", currency: "MXN" }, expect.stringContaining("field.amount must be")],
  [money, [], "field must be an object."],
  [components, [], "field must be an array of at least 1 item."],
  [components, [{ sku: "A", units: 1, price: 2 }], "field.0.price is not a field of this call."],
  [z.enum(["a", "b"]), "c", 'field must be one of "a", "b".'],
  [z.boolean(), "true", "field must be true or false."],
])("%# says what is wrong in one sentence", (schema, value, message) => {
  expect(messageOf(schema, value)).toEqual(message);
});

test.each([
  ["2026-11-23T10:00:00Z", Date.UTC(2026, 10, 23, 10)],
  ["2026-11-23T10:00:00.1239Z", Date.UTC(2026, 10, 23, 10, 0, 0, 123)],
  ["2026-11-23T10:00:00-06:00", Date.UTC(2026, 10, 23, 16)],
  ["2024-02-29T00:00:00Z", Date.UTC(2024, 1, 29)],
  ["1970-01-01T00:00:00Z", 0],
  ["9999-12-31T23:59:59.999Z", Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
])("the instant %s is read", (text, milliseconds) => {
  expect(instant.parse(text)).toBe(milliseconds);
});

test.each([
  "2026-11-23",
  "2026-11-23T10:00:00",
  "2026-11-23 10:00:00Z",
  "2026-02-29T00:00:00Z",
  "2026-02-30T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-11-23T24:00:00Z",
  "2026-11-23T10:00:60Z",
  "2026-11-23T10:00:00+25:00",
  "1970-01-01T00:00:00+00:01",
  "9999-12-31T23:59:59-00:01",
  "+010000-01-01T00:00:00Z",
  "0000-01-01T00:00:00Z",
  "1763892000000",
  "now",
])("the instant %s is refused", (text) => {
  expect(messageOf(instant, text)).toContain("field must be an instant as ISO 8601");
});

test.each([
  ["https://api.mercadolibre.com/", "https://api.mercadolibre.com"],
  ["http://127.0.0.1:9101/a/b//", "http://127.0.0.1:9101/a/b"],
])("the URL %s is kept as %s", (text, kept) => {
  expect(baseUrl.parse(text)).toBe(kept);
});

test.each([
  "//x",
  "x",
  "https://",
  "https://a b",
  "https://u@x",
  "https://x?y",
  "https://x#y",
  "file:///etc/passwd",
])("the URL %s is refused", (text) => {
  expect(messageOf(baseUrl, text)).toContain("field must be an http or https URL");
});
