import { expect, test } from "vitest";

import { DUPLICATE_FIELD, MAX_DEPTH, TOO_DEEP } from "./careful-json.ts";
import { parseJson } from "./parse-json.ts";

function parse(text: string): unknown {
  const parsed = parseJson(Buffer.from(text));
  return parsed.ok ? parsed.value : parsed.problem;
}

test("what is JSON is parsed as JSON.parse does", () => {
  const text = ' {"a":[1,2.5,-3e2,true,false,null,"x:\\"y\\\\","\\ud83d\\ude00"],"":{"é":"日本語 {[:"}}\n';
  expect(parse(text)).toEqual(JSON.parse(text));
  expect(parse("17")).toBe(17);
});

test("a field given twice is marked where it stands and nothing else is lost", () => {
  expect(parse('{"orders":[{"a":1,"a":2,"b":3},{"a":4}]}')).toEqual({
    orders: [{ a: DUPLICATE_FIELD, b: 3 }, { a: 4 }],
  });
  // The same name, written in two ways.
  expect(parse('{"a":1,"\\u0061":2}')).toEqual({ a: DUPLICATE_FIELD });
  expect(parse('{"a":1,"a":2,"a":3}')).toEqual({ a: DUPLICATE_FIELD });
});

test("a value nested too deeply is marked where it stands and never built", () => {
  const deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
  expect(parse(`{"orders":[{"a":1},{"b":{"c":${deep}}}]}`)).toMatchObject({ orders: [{ a: 1 }, { b: {} }] });
  let value = parse(`{"a":${deep},"b":2}`) as { a: unknown; b: number };
  expect(value.b).toBe(2);
  for (let depth = 2; depth <= MAX_DEPTH; depth++) value = { ...value, a: (value.a as unknown[])[0] };
  expect(value.a).toBe(TOO_DEEP);
});

test("brackets and colons inside strings do not count", () => {
  const text = JSON.stringify({ a: "[".repeat(100) + ":".repeat(100) + '\\"' });
  expect(parse(text)).toEqual(JSON.parse(text));
});

test("__proto__ is a field like any other and changes no object", () => {
  for (const text of ['{"__proto__":{"x":1},"b":2}', '{"__proto__":{"x":1},"b":2,"b":3}']) {
    const value = parse(text) as object;
    expect(Object.keys(value)).toEqual(["__proto__", "b"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect("x" in value).toBe(false);
  }
});

test("minus zero is zero", () => {
  const value = parse('{"a":-0,"b":[-0,{"c":-0.0}]}') as { a: number; b: [number, { c: number }] };
  expect([value.a, value.b[0], value.b[1].c].map((number) => Object.is(number, 0))).toEqual([
    true,
    true,
    true,
  ]);
});

test.each([
  ["", "is empty"],
  ["   ", "is empty"],
  ["{", "ends before"],
  ['{"a":1', "ends before"],
  ['{"a', "line 1, column 2"],
  ['{"a":1,}', "line 1, column 8"],
  ['{"a":1}\n x', "line 2, column 2"],
  ["{'a':1}", "line 1, column 2"],
  ['{"a":01}', "line 1, column 7"],
  ['{"a":"\t"}', "line 1, column 6"],
  ['{"a":"\\x"}', "line 1, column 6"],
  ["[1,2", "ends before"],
  ["NaN", "line 1, column 1"],
  ["\ufeff{}", "line 1, column 1"],
])("%j is refused with the place", (text, place) => {
  expect(parse(text)).toMatchObject({ code: "invalid_json", field: "body" });
  expect((parse(text) as { message: string }).message).toContain(place);
});

test("unclosed nesting is refused, however deep", () => {
  expect(parse("[".repeat(2_000_000))).toMatchObject({ code: "invalid_json" });
  expect(parse('{"a":'.repeat(500_000) + '"')).toMatchObject({ code: "invalid_json" });
});

test.each([[[0xff]], [[0xc3, 0x28]], [[0xed, 0xa0, 0x80]], [[0xf0, 0x9f]], [[0xc0, 0x80]]])(
  "bytes %j are no UTF-8",
  (bytes) => {
    const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);
    expect(parseJson(body)).toMatchObject({ ok: false, problem: { code: "invalid_utf8", field: "body" } });
  },
);
