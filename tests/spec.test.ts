import { describe, expect, test } from "vitest";

import { invariantsIn, taggedTests } from "./house/invariants.ts";
import { textOf } from "./house/repository.ts";

const page = textOf("SPEC.md");
const invariants = invariantsIn(page);
const tagged = taggedTests();

describe("SPEC.md", () => {
  test("numbers the invariants from I1 without a gap", () => {
    expect(invariants.map(({ id }) => id)).toEqual(invariants.map((_, index) => `I${index + 1}`));
    expect(invariants.length).toBeGreaterThanOrEqual(10);
  });

  test.for(invariants)("$id lists exactly the tests that carry its tag", ({ id, heldBy }) => {
    expect(heldBy, "npm run fix writes the lists anew").toEqual(tagged.get(id) ?? []);
  });

  test.for(invariants)("$id is held by a test, or says why not yet", ({ heldBy, gap }) => {
    expect(heldBy.length > 0).toBe(gap === undefined);
  });

  test("knows every invariant that a test claims to hold", () => {
    const known = new Set(invariants.map(({ id }) => id));
    expect([...tagged.keys()].filter((id) => !known.has(id))).toEqual([]);
  });
});
