import { describe, expect, it } from "vitest";

import { type DesiredInput, desiredQuantity } from "./desired-quantity.ts";
import { listingPolicy } from "./listing-policy.ts";

const plain: DesiredInput = {
  components: [{ sku: "KB-M", unitsPerSale: 1, available: 40 }],
  policy: { buffer: 0, floor: 0, cap: null },
  channelMax: null,
  openSales: 0,
};

describe("the desired quantity", () => {
  it("of a single is what is available", () => {
    expect(desiredQuantity(plain)).toEqual({
      quantity: 40,
      steps: [{ step: "component", sku: "KB-M", available: 40, heldBack: 0, unitsPerSale: 1, sales: 40 }],
    });
  });

  it("of a pack is cut to whole packs", () => {
    const components = [{ sku: "KB-M", unitsPerSale: 6, available: 40 }];
    expect(desiredQuantity({ ...plain, components }).quantity).toBe(6);
  });

  it("of a kit is what its scarcest component carries", () => {
    const components = [
      { sku: "KB-M", unitsPerSale: 1, available: 40 },
      { sku: "GEL", unitsPerSale: 2, available: 9 },
    ];
    expect(desiredQuantity({ ...plain, components }).steps.at(-1)).toEqual({
      step: "scarcest",
      sku: "GEL",
      quantity: 4,
    });
  });

  it("is 0 for an oversold pool", () => {
    const components = [{ sku: "KB-M", unitsPerSale: 1, available: -3 }];
    expect(desiredQuantity({ ...plain, components }).quantity).toBe(0);
  });

  it("says every limit that made it smaller, and what the channel still has to take off", () => {
    const { quantity, steps } = desiredQuantity({
      ...plain,
      policy: { buffer: 3, floor: 2, cap: 30 },
      channelMax: 31,
      openSales: 2,
    });
    expect(quantity).toBe(31);
    expect(steps).toEqual([
      { step: "component", sku: "KB-M", available: 40, heldBack: 5, unitsPerSale: 1, sales: 35 },
      { step: "cap", limit: 30, quantity: 30 },
      { step: "open_sales", units: 2, quantity: 32 },
      { step: "channel_max", limit: 31, quantity: 31 },
    ]);
  });
});

describe("a listing's policy", () => {
  it("holds nothing back where nothing is set", () => {
    expect(listingPolicy({})).toEqual({ buffer: 0, floor: 0, cap: null });
    expect(listingPolicy({ buffer: 2, floor: 1, cap: 0, title: "x" })).toEqual({
      buffer: 2,
      floor: 1,
      cap: 0,
    });
  });
});
