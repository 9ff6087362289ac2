import { describe, expect, it } from "vitest";

import { toPushRequest, toReceipt } from "./to-push.ts";
import { submissionSchema } from "./wire.ts";

const account = { sellerId: "A3TH9S8BH6GOGM", marketplaceId: "ATVPDKIKX0DER" };
const push = (externalId: string, quantity = 3) => toPushRequest(account, { externalId, quantity });
const receipt = (answer: object) =>
  toReceipt(submissionSchema.parse({ sku: "S", submissionId: "1", ...answer }));

describe("a quantity", () => {
  it("is merged into the seller's own stock, and nothing beside it", () => {
    expect(push("KB-M", 0)).toEqual({
      ok: true,
      value: {
        method: "PATCH",
        path: "/listings/2021-08-01/items/A3TH9S8BH6GOGM/KB-M",
        query: { marketplaceIds: "ATVPDKIKX0DER", includedData: "issues" },
        json: {
          productType: "PRODUCT",
          patches: [
            {
              op: "merge",
              path: "/attributes/fulfillment_availability",
              value: [{ fulfillment_channel_code: "DEFAULT", quantity: 0 }],
            },
          ],
        },
        budget: "writes",
      },
    });
  });

  it.each([
    ["MY/SKU-1", "MY%2FSKU-1"],
    ["a b#c", "a%20b%23c"],
    ["50%", "50%25"],
    ["?x=1&y", "%3Fx%3D1%26y"],
    ["a,b", "a%2Cb"],
    ["ñandú", "%C3%B1and%C3%BA"],
    ["..x", "..x"],
  ])("of %s is written to one segment of the path", (sku, segment) => {
    expect(push(sku)).toMatchObject({
      value: { path: `/listings/2021-08-01/items/A3TH9S8BH6GOGM/${segment}` },
    });
  });

  it.each(["", ".", "..", "a\u0000", "a\n", "\ud800", "x".repeat(201)])("is not written to %j", (sku) => {
    expect(push(sku)).toMatchObject({ ok: false, error: { kind: "rejected", code: "unknown_external_id" } });
  });

  it.each([-1, 1_000_000, 0.5, Number.NaN])("is not %s", (quantity) => {
    expect(push("KB-M", quantity)).toMatchObject({ ok: false, error: { code: "quantity_out_of_range" } });
  });
});

describe("a submission", () => {
  it("that is accepted is a receipt and no number", () => {
    expect(receipt({ status: "ACCEPTED" })).toEqual({ ok: true, value: { quantity: null } });
    const warned = { status: "ACCEPTED", issues: [{ code: "1", message: "m", severity: "WARNING" }] };
    expect(receipt(warned)).toMatchObject({ ok: true });
  });

  it("that is invalid says why, by its gravest issue", () => {
    const issues = [
      { code: "1", message: "minor", severity: "WARNING", categories: [] },
      { code: "90000900", message: "The attributes are invalid.", severity: "ERROR", categories: [] },
    ];
    expect(receipt({ status: "INVALID", issues })).toEqual({
      ok: false,
      error: {
        kind: "rejected",
        code: "90000900",
        message: "Amazon refuses the quantity: The attributes are invalid.",
      },
    });
    expect(receipt({ status: "INVALID" })).toMatchObject({
      ok: false,
      error: { kind: "rejected", code: "INVALID" },
    });
  });

  it("of any other status may have been taken", () => {
    expect(receipt({ status: "VALID" })).toMatchObject({
      ok: false,
      error: { kind: "transient", mayHaveApplied: true },
    });
  });
});
