import { expect, test } from "vitest";

import { judgeSnapshot, type SnapshotShape, type SnapshotWatch } from "./judge-snapshot.ts";

const T = 1_795_428_000_000;

const shape = (of: Partial<SnapshotShape>): SnapshotShape => ({
  id: "s2",
  asOf: T,
  lines: 100,
  hadUnits: 50,
  emptied: 0,
  ...of,
});
const watch = (of: Partial<SnapshotWatch> = {}): SnapshotWatch => ({ lines: 100, held: null, ...of });

test("a snapshot that lost more than a fifth of its lines is held, and the first ever is not", () => {
  expect(judgeSnapshot(shape({ lines: 80 }), watch())).toEqual({ kind: "let_in" });
  expect(judgeSnapshot(shape({ lines: 79 }), watch())).toMatchObject({ kind: "hold", strikes: 1 });
  expect(judgeSnapshot(shape({ lines: 79 }), watch({ lines: null }))).toEqual({ kind: "let_in" });
  expect(judgeSnapshot(shape({ lines: null }), watch())).toEqual({ kind: "let_in" });
});

test("a snapshot in which most of what held units is empty is held, unless it is about a few lines only", () => {
  expect(judgeSnapshot(shape({ emptied: 25 }), watch())).toEqual({ kind: "let_in" });
  expect(judgeSnapshot(shape({ emptied: 26 }), watch())).toMatchObject({ kind: "hold" });
  expect(judgeSnapshot(shape({ hadUnits: 4, emptied: 4 }), watch())).toEqual({ kind: "let_in" });
});

test("what is held is let in once a second one says so and a person accepted it, not by either alone", () => {
  const odd = shape({ emptied: 50 });
  const held = { since: T - 60, id: "s1", asOf: T - 60, strikes: 1, acceptedAt: null };
  expect(judgeSnapshot(odd, watch({ held }))).toMatchObject({ kind: "hold", strikes: 2 });
  expect(judgeSnapshot(odd, watch({ held: { ...held, acceptedAt: T - 1 } }))).toEqual({ kind: "let_in" });
  const same = { ...odd, id: "s1", asOf: T - 60 };
  expect(judgeSnapshot(same, watch({ held: { ...held, acceptedAt: T - 1 } }))).toMatchObject({
    kind: "hold",
    strikes: 1,
  });
  const before = { ...held, acceptedAt: T - 61 };
  expect(judgeSnapshot(odd, watch({ held: before }))).toMatchObject({ kind: "hold" });
});
