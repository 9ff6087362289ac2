import { expect, it } from "vitest";

import { anEntry } from "../../../testing/a-row.ts";
import { availableSteps } from "./available-steps.ts";

const second = (text: string) => Date.parse(text) / 1000;
const now = Date.parse("2026-11-23T15:00:00Z");

const sold = anEntry({ seq: 3, recordedAt: "2026-11-23T14:30:00Z", available: { before: 8, after: 7 } });
const shipped = anEntry({ seq: 2, recordedAt: "2026-11-23T14:20:00Z", available: { before: 8, after: 8 } });
const received = anEntry({ seq: 1, recordedAt: "2026-11-23T14:00:00Z", available: { before: 0, after: 8 } });

it("steps at every change, oldest first, and holds the last value until now", () => {
  expect(availableSteps([sold, shipped, received], now)).toEqual({
    seconds: [
      second("2026-11-23T14:00:00Z"),
      second("2026-11-23T14:00:00Z"),
      second("2026-11-23T14:30:00Z"),
      now / 1000,
    ],
    available: [0, 8, 7, 7],
  });
});

it("keeps the last of several entries that were recorded in the same instant", () => {
  const again = { ...sold, seq: 4, available: { before: 7, after: 5 } };
  expect(availableSteps([again, sold, received], now).available).toEqual([0, 8, 5, 5]);
});

it("never runs backwards when this machine's clock is behind", () => {
  const { seconds } = availableSteps([sold], Date.parse("2026-11-23T14:00:00Z"));
  expect(seconds.at(-1)).toBe(second("2026-11-23T14:30:00Z"));
});

it("draws nothing of an empty chain", () => {
  expect(availableSteps([], now)).toEqual({ seconds: [], available: [] });
});
