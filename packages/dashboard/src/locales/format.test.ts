import { describe, expect, it } from "vitest";

import { createFormats } from "./format.ts";

const english = createFormats("en-US", "America/Mexico_City");
const spanish = createFormats("es-MX", "America/Mexico_City");
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

describe("units", () => {
  it("groups thousands and shows a minus one can see", () => {
    expect(english.units(1_234_567)).toBe("1,234,567");
    expect(english.units(-2)).toBe("\u22122");
    expect(spanish.units(-12_345)).toBe("\u221212,345");
  });

  it("signs a change both ways, and nought not at all", () => {
    expect([english.change(3), english.change(-3), english.change(0)]).toEqual(["+3", "\u22123", "0"]);
  });
});

describe("age", () => {
  it.each([
    [9_999, null, null],
    [10 * SECOND_MS, "10s ago", "hace 10 s"],
    [19_999, "10s ago", "hace 10 s"],
    [59_999, "50s ago", "hace 50 s"],
    [MINUTE_MS, "1m ago", "hace 1 min"],
    [HOUR_MS - 1, "59m ago", "hace 59 min"],
    [HOUR_MS, "1h ago", "hace 1 h"],
    [47 * HOUR_MS, "47h ago", "hace 47 h"],
    [49 * HOUR_MS, "2d ago", "hace 2 días"],
  ])("of %i ms steps as %s", (elapsedMs, inEnglish, inSpanish) => {
    expect(english.age(elapsedMs)).toBe(inEnglish);
    expect(spanish.age(elapsedMs)).toBe(inSpanish);
  });

  it("of something that lies in the future by a wrong clock is too short to tell", () => {
    expect(english.age(-5_000)).toBeNull();
  });
});

describe("duration", () => {
  it.each([
    [420, "420ms"],
    [1_849, "1.8s"],
    [42_300, "42s"],
    [3.2 * MINUTE_MS, "3.2m"],
    [5 * HOUR_MS, "5h"],
  ])("of %d ms reads %s", (ms, text) => {
    expect(english.duration(ms)).toBe(text);
  });
});

describe("moment", () => {
  const at = Date.parse("2026-11-23T20:03:22Z");

  it("is a time of day in the seller's zone while it is the same day there", () => {
    expect(english.moment(at, at + HOUR_MS)).toBe("14:03:22");
    expect(spanish.moment(at, at + HOUR_MS)).toBe("14:03:22");
  });

  it("names the day of another one", () => {
    expect(english.moment(at, at + 24 * HOUR_MS)).toBe("Nov 23, 14:03");
    expect(spanish.moment(at, at + 24 * HOUR_MS)).toBe("23 nov, 14:03");
  });

  it("has ticks as fine as the span of the axis needs", () => {
    expect(english.tick(at, MINUTE_MS)).toBe("14:03:22");
    expect(english.tick(at, 3 * HOUR_MS)).toBe("14:03");
    expect(english.tick(at, 30 * 24 * HOUR_MS)).toBe("Nov 23");
    expect(english.tick(at, 400 * 24 * HOUR_MS)).toBe("Nov 26");
  });
});

describe("days", () => {
  const noon = Date.parse("2026-11-23T18:00:00Z");
  it("are counted by the calendar of whoever reads", () => {
    const lateEvening = Date.parse("2026-11-24T05:59:00Z");
    const justAfterMidnight = Date.parse("2026-11-24T06:01:00Z");
    expect(english.daysUntil(lateEvening, noon)).toBe(0);
    expect(english.daysUntil(justAfterMidnight, noon)).toBe(1);
    expect(english.daysUntil(noon - 72 * HOUR_MS, noon)).toBe(-3);
  });

  it("are said as one says them", () => {
    expect([0, 1, 5, -3].map(english.inDays)).toEqual(["today", "tomorrow", "in 5 days", "3 days ago"]);
    expect([0, 1, 5, -3].map(spanish.inDays)).toEqual(["hoy", "mañana", "dentro de 5 días", "hace 3 días"]);
    expect(english.day(noon)).toBe("Mon, Nov 23");
    expect(spanish.day(noon)).toBe("lun 23 de nov");
  });
});
