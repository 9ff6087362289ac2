import { createHmac } from "node:crypto";

import { describe, expect, it } from "vitest";

import type { Delivery } from "../contract/keeper/keeper.ts";
import { readDelivery } from "./delivery.ts";
import rawChange from "./fixtures/inventory-change.json" with { type: "json" };
import rawUpdate from "./fixtures/inventory-update.json" with { type: "json" };
import rawReturn from "./fixtures/return-update.json" with { type: "json" };
import rawShipment from "./fixtures/shipment-update.json" with { type: "json" };
import { keptSecret } from "./signature.ts";

const NOW = Date.parse("2026-11-20T13:19:34Z");
const SECRET = keptSecret("V2ViaG9vazox", "the secret of one webhook");
const OTHER = keptSecret("V2ViaG9vazoy", "the secret of another one");

function delivered(body: unknown, secret = "the secret of one webhook"): Delivery {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    headers: {
      "x-shiphero-hmac-sha256": createHmac("sha256", secret).update(text).digest("base64"),
      "x-shiphero-message-id": "7f3c",
    },
    rawBody: Buffer.from(text),
    receivedAt: NOW,
  };
}

const read = (delivery: Delivery, settings: object = {}, secrets: readonly string[] = [OTHER, SECRET]) =>
  readDelivery(delivery, { settings, secrets });

describe("a signature", () => {
  it("is that of any webhook whose secret we keep, or of one that was entered by hand", () => {
    expect(read(delivered(rawReturn))).toMatchObject({ kind: "facts", deliveryId: "7f3c" });
    expect(read(delivered(rawReturn, "by-hand"), {}, ["by-hand"])).toMatchObject({ kind: "facts" });
  });

  it.each([
    ["of nobody we know", delivered(rawReturn, "somebody else's")],
    ["of another body", { ...delivered(rawReturn), rawBody: Buffer.from(JSON.stringify(rawChange)) }],
    ["that is missing", { ...delivered(rawReturn), headers: {} }],
    ["that is no signature", { ...delivered(rawReturn), headers: { "x-shiphero-hmac-sha256": "%%" } }],
  ])("%s proves nothing", (_, delivery) => {
    expect(read(delivery)).toMatchObject({ kind: "unverified" });
  });

  it("proves nothing where no secret is known, not even an empty one", () => {
    for (const secrets of [[], [""], ["V2ViaG9vazox "]])
      expect(read(delivered(rawReturn, ""), {}, secrets)).toMatchObject({ kind: "unverified" });
  });
});

describe("Inventory Change", () => {
  it("is read from the log where nobody has said which bins are not for sale", () => {
    expect(read(delivered(rawChange))).toMatchObject({ facts: [], look: { movements: true } });
  });

  it("is a fact where somebody has", () => {
    const settings = { nonSellableBins: ["DAMAGED-01"], timeZone: "America/New_York" };
    expect(read(delivered(rawChange), settings)).toMatchObject({
      facts: [{ sellable: -3, held: 0, onHandBefore: 110, occurredAt: Date.parse("2026-11-20T18:19:30Z") }],
    });
    const damaged = { ...rawChange, location_name: "DAMAGED-01", quantity: 3, old_quantity: 0 };
    expect(read(delivered(damaged), settings)).toMatchObject({ facts: [{ sellable: 0, held: 3 }] });
    const asText = { nonSellableBins: "QC-1, DAMAGED-01" };
    expect(read(delivered(damaged), asText)).toMatchObject({ facts: [{ sellable: 0, held: 3 }] });
    expect(read(delivered(damaged), { nonSellableBins: "none" })).toMatchObject({ facts: [{ sellable: 3 }] });
    // Older payloads lack what lay in the bin before.
    const { old_quantity: _, ...older } = rawChange;
    expect(read(delivered(older), settings)).toMatchObject({ facts: [], look: { movements: true } });
  });

  it("of a delivery or a return is left to its document", () => {
    const received = { ...rawChange, reason: "PO 31 received", source: "purchase_order" };
    expect(read(delivered(received), { nonSellableBins: [] })).toMatchObject({
      facts: [],
      look: { documents: true },
    });
  });
});

describe("a webhook", () => {
  it.each([
    ["Inventory Update", rawUpdate, { items: ["KB-M"] }],
    ["Shipment Update", rawShipment, { keeperOrderIds: ["T3JkZXI6MjcyMjcxNzA2"] }],
    ["Shipment Update of an odd shape", { webhook_type: "Shipment Update" }, { documents: true }],
    [
      "Order Canceled",
      { webhook_type: "Order Canceled", order_id: 272271706 },
      { keeperOrderIds: ["T3JkZXI6MjcyMjcxNzA2"] },
    ],
    ["PO Update", { webhook_type: "PO Update", purchase_order: {} }, { documents: true }],
    ["Return Update of an odd shape", { ...rawReturn, items: null }, { documents: true }],
  ])("%s says where to look", (_, body, look) => {
    expect(read(delivered(body))).toMatchObject({ kind: "facts", facts: [], look });
  });

  it("Return Update is the return as it stands, now", () => {
    expect(read(delivered(rawReturn))).toMatchObject({
      facts: [{ kind: "return", keeperReturnId: "UmV0dXJuOjMzOTQzMDM=", occurredAt: NOW }],
    });
  });

  it.each([
    [{ webhook_type: "Order Allocated", order_number: "MO351" }, "not_followed"],
    [{ ...rawReturn, test: "1" }, "test"],
  ])("like %j is left alone", (body, reason) => {
    expect(read(delivered(body))).toEqual({ kind: "ignored", reason });
  });

  it.each([
    "{",
    "[]",
    '{"webhook_type":""}',
    '{"webhook_type":"Inventory Change"}',
    '{"webhook_type":"Inventory Update"}',
  ])("%s is malformed", (body) => {
    expect(read(delivered(body))).toMatchObject({ kind: "malformed" });
  });
});
