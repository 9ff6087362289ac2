import { describe, expect, it } from "vitest";

import rawListing from "./fixtures/listing.json" with { type: "json" };
import { toListingReading } from "./to-listing.ts";
import { listingSchema } from "./wire.ts";

const read = (listing: object = {}) =>
  toListingReading(listingSchema.parse({ ...rawListing, ...listing }), "ATVPDKIKX0DER");
const stock = (...rows: readonly (readonly [string, number | undefined])[]) => ({
  fulfillmentAvailability: rows.map(([fulfillmentChannelCode, quantity]) => ({
    fulfillmentChannelCode,
    quantity,
  })),
});
const shown = (...status: readonly string[]) => ({ summaries: [{ ...rawListing.summaries[0], status }] });

describe("a listing", () => {
  it("shows what buyers can take, not what was submitted last", () => {
    expect(read()).toEqual({
      ok: true,
      value: {
        externalId: "KB-M/black #2",
        quantity: 40,
        status: "BUYABLE, DISCOVERABLE",
        isBuyable: true,
        notWritable: null,
      },
    });
  });

  it.each([
    ["no number", stock(["DEFAULT", undefined])],
    ["no stock at all", { fulfillmentAvailability: [] }],
    ["nothing said", { fulfillmentAvailability: undefined }],
  ])("that tells no quantity is unknown, never 0: %s", (_, listing) => {
    expect(read(listing)).toMatchObject({
      ok: false,
      error: { kind: "transient", code: "quantity_unknown" },
    });
  });

  it.each([
    ["alone", stock(["AMAZON_NA", 12]), 12],
    ["beside stock of our own", stock(["AMAZON_NA", 12], ["DEFAULT", 3]), 3],
  ])("that Amazon keeps the stock of is not ours to write: %s", (_, listing, quantity) => {
    expect(read(listing)).toMatchObject({
      ok: true,
      value: { quantity, notWritable: expect.stringContaining("AMAZON_NA") },
    });
  });

  it("that Amazon keeps the stock of, and does not count here, is refused by name", () => {
    expect(read(stock(["AMAZON_EU", undefined]))).toMatchObject({
      ok: false,
      error: { kind: "rejected", code: "kept_by_channel" },
    });
  });

  it("with stock per place is not ours to write", () => {
    expect(read(stock(["d7679e14-031b", 3], ["DEFAULT", 0]))).toMatchObject({
      ok: true,
      value: { quantity: 0, notWritable: expect.stringContaining("d7679e14-031b") },
    });
  });

  it("at 0 is for sale again as soon as there is something, unless it is suppressed", () => {
    const suppressed = {
      issues: [{ code: "1", enforcements: { actions: [{ action: "LISTING_SUPPRESSED" }] } }],
    };
    const buyable = (listing: object) => {
      const reading = read(listing);
      return reading.ok ? [reading.value.isBuyable, reading.value.status] : reading.error;
    };
    const none = stock(["DEFAULT", 0]);
    expect(buyable({ ...none, ...shown("DISCOVERABLE") })).toEqual([true, "DISCOVERABLE"]);
    expect(buyable({ ...none, ...shown(), ...suppressed })).toEqual([false, "INACTIVE; LISTING_SUPPRESSED"]);
    expect(buyable(shown())).toEqual([false, "INACTIVE"]);
    expect(buyable({ ...none, summaries: [] })).toEqual([false, "INACTIVE"]);
  });
});
