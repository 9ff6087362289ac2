import { describe, expect, it } from "vitest";

import { parseStreamEvent } from "./stream-event.ts";

describe("a message of the stream", () => {
  it("is read by its kind", () => {
    const ledger = { seq: 18, entries: [], skus: [] };
    const observation = { cursor: 4, observations: [] };
    expect(parseStreamEvent("ledger", JSON.stringify(ledger))).toEqual({ type: "ledger", ...ledger });
    expect(parseStreamEvent("observation", JSON.stringify(observation))).toEqual({
      type: "observation",
      ...observation,
    });
    expect(parseStreamEvent("alert", "{}")).toEqual({ type: "alert" });
    expect(parseStreamEvent("reset", "{}")).toEqual({ type: "reset" });
  });

  it.each([
    ["position", '{"seq":1,"cursor":0}'],
    ["weather", "{}"],
    [undefined, "{}"],
    ["ledger", '{"seq":18,"entries":[],"sk'],
    ["ledger", "null"],
    ["ledger", '{"seq":"18","skus":[]}'],
    ["observation", '{"cursor":4}'],
  ])("that is %s %s is passed over", (type, data) => {
    expect(parseStreamEvent(type, data)).toBeNull();
  });
});
