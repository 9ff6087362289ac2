import { describe, expect, it } from "vitest";

import { LedgerStory } from "./testing/ledger-story.ts";

describe("a line that waits for a mapping and is then named otherwise by the channel", () => {
  const waiting = (): LedgerStory => {
    const story = LedgerStory.withSkus("A");
    story.order({ status: "paid", lines: [{ lineId: "1", listing: "UNKNOWN", quantity: 2 }] }, "keeper");
    return story;
  };

  it("is posted by its new name, waits no more and its alert is resolved", () => {
    const story = waiting();
    story.order({ status: "paid", lines: [{ lineId: "1", sku: "A", quantity: 2 }] });
    expect(story.pool("A").committed).toBe(2);
    expect(story.state.unmappedLines("listing", "UNKNOWN", null)).toEqual([]);
    expect(story.state.openAlert("unmapped_sale", "web/A-1/1")).toBeNull();
  });

  it("waits for its new name only when nobody knows that either", () => {
    const story = waiting();
    story.order({ status: "paid", lines: [{ lineId: "1", listing: "OTHER", quantity: 2 }] });
    expect(story.state.unmappedLines("listing", "UNKNOWN", null)).toEqual([]);
    expect(story.state.unmappedLines("listing", "OTHER", null)).toHaveLength(1);
    expect(story.state.openAlert("unmapped_sale", "web/A-1/1")).not.toBeNull();
  });
});

describe("a line that waits under the channel's own name", () => {
  const waiting = (): LedgerStory => {
    const story = LedgerStory.withSkus("A");
    story.order({ status: "paid", lines: [{ lineId: "1", listing: "ITEM", quantity: 2 }] });
    return story;
  };

  it("is posted by another name of the channel's that is mapped", () => {
    const story = waiting();
    story.order({ status: "paid", lines: [{ lineId: "1", sku: "A", quantity: 2 }] });
    expect(story.pool("A").committed).toBe(2);
    expect(story.state.unmappedLines("listing", "ITEM", null)).toEqual([]);
    expect(story.state.openAlert("unmapped_sale", "web/A-1/1")).toBeNull();
  });

  it("keeps its name for another one that nobody mapped", () => {
    const story = waiting();
    story.order({ status: "paid", lines: [{ lineId: "1", listing: "OTHER", quantity: 2 }] });
    expect(story.state.unmappedLines("listing", "ITEM", null)).toHaveLength(1);
    expect(story.state.unmappedLines("listing", "OTHER", null)).toEqual([]);
  });
});
