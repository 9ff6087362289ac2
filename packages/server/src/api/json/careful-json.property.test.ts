import fc from "fast-check";
import { expect, test } from "vitest";

import { parseCarefully } from "./careful-json.ts";

/** Names of every kind, `__proto__` among them, and little depth. */
const json = fc.json({ depthSize: "small", maxDepth: 6, stringUnit: "binary" });

test("agrees with JSON.parse on every JSON text without repeats", () => {
  fc.assert(
    fc.property(json, fc.constantFrom("", " ", "\n\t"), (text, space) => {
      const spaced = space + text + space;
      expect(parseCarefully(spaced)).toEqual({ ok: true, value: JSON.parse(spaced) as unknown });
    }),
  );
});

test("agrees with JSON.parse on what is no JSON text", () => {
  const broken = fc.tuple(json, fc.nat(), fc.string({ maxLength: 2 })).map(([text, at, garbage]) => {
    const cut = at % (text.length + 1);
    return text.slice(0, cut) + garbage + text.slice(cut + 1);
  });
  fc.assert(
    fc.property(broken, (text) => {
      expect(parseCarefully(text).ok).toBe(isJson(text));
    }),
    { numRuns: 2_000 },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
