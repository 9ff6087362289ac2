import { expect, test } from "vitest";

import { isAhead, parsePosition, positionText } from "./position.ts";

test.each([
  { seq: 0, cursor: 0 },
  { seq: 17, cursor: 4 },
  { seq: Number.MAX_SAFE_INTEGER, cursor: 0 },
])("%o is read back from its text", (position) => {
  expect(parsePosition(positionText(position))).toEqual(position);
});

test.each([
  "",
  "1",
  "1.",
  ".1",
  "1.2.3",
  "-1.0",
  "+1.0",
  " 1.0",
  "1.0 ",
  "01.0",
  "1e3.0",
  "9007199254740992.0",
])("%j is no position", (text) => {
  expect(parsePosition(text)).toBeNull();
});

test("a place is ahead when either log has not come so far", () => {
  const heads = { seq: 10, cursor: 5 };
  expect(isAhead({ seq: 10, cursor: 5 }, heads)).toBe(false);
  expect(isAhead({ seq: 0, cursor: 5 }, heads)).toBe(false);
  expect(isAhead({ seq: 11, cursor: 0 }, heads)).toBe(true);
  expect(isAhead({ seq: 0, cursor: 6 }, heads)).toBe(true);
});
