import { describe, expect, it } from "vitest";

import { readPoolSearch, sortOf, sortText } from "./pool-search.ts";

describe("an address", () => {
  it.each([
    [{}, {}],
    [
      { q: "brace", show: "oversold", sort: "-available" },
      { q: "brace", show: "oversold", sort: "-available" },
    ],
    [{ q: 123 }, { q: "123" }],
    [{ q: "", show: "all", sort: "price" }, {}],
    [{ q: ["a"], show: "everything", sort: 7, other: 1 }, {}],
  ])("%j asks for %j", (raw, search) => {
    expect(readPoolSearch(raw)).toEqual(search);
  });
});

describe("sorting", () => {
  it("is by code unless the address says otherwise", () => {
    expect(sortOf({})).toEqual({ sortBy: "sku", descending: false });
    expect(sortText({ sortBy: "sku", descending: false })).toBeUndefined();
  });

  it.each([
    ["-available", "available", true],
    ["onHand", "onHand", false],
    ["-sku", "sku", true],
  ] as const)("%s goes into the address and comes back", (text, sortBy, descending) => {
    expect(sortOf({ sort: text })).toEqual({ sortBy, descending });
    expect(sortText({ sortBy, descending })).toBe(text);
  });
});
