import { createHmac } from "node:crypto";

import { describe, expect, it } from "vitest";

import type { Delivery } from "../contract/keeper/keeper.ts";
import { factFaults } from "../contract/testing/fact-faults.ts";
import { readDelivery } from "./delivery.ts";
import rawOrder from "./fixtures/order.json" with { type: "json" };
import rawReceiving from "./fixtures/receiving-order.json" with { type: "json" };
import rawReturn from "./fixtures/return.json" with { type: "json" };

const NOW = Date.parse("2026-11-23T10:00:00Z");
const SECRET = `whsec_${Buffer.from("a secret of 24 bytes ...").toString("base64")}`;
const OLD = `whsec_${Buffer.from("the one that was before.").toString("base64")}`;

function sign(secret: string, id: string, sentAt: number, body: string): string {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${sentAt}.${body}`).digest("base64")}`;
}

interface Change {
  readonly secret?: string;
  readonly sentAt?: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly sentBody?: string;
}

function delivered(topic: string, body: unknown, change: Change = {}): Delivery {
  const { secret = SECRET, sentAt = NOW / 1_000, headers = {} } = change;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    headers: {
      "webhook-id": "msg_1",
      "webhook-timestamp": String(sentAt),
      "webhook-signature": `v1,bm9ib2R5 ${sign(secret, "msg_1", sentAt, text)}`,
      "x-webhook-topic": topic,
      ...headers,
    },
    rawBody: Buffer.from(change.sentBody ?? text),
    receivedAt: NOW,
  };
}

const read = (delivery: Delivery, secrets: readonly string[] = [SECRET, OLD]) =>
  readDelivery(delivery, { settings: {}, secrets });

describe("a signature", () => {
  it("is taken with any secret in force, the newest or the one before", () => {
    for (const secret of [SECRET, OLD])
      expect(read(delivered("return.updated", rawReturn, { secret }))).toMatchObject({ kind: "facts" });
  });

  it.each([
    ["of another secret", { secret: `whsec_${Buffer.from("another").toString("base64")}` }],
    ["of another body", { sentBody: JSON.stringify({ ...rawReturn, id: 7002 }) }],
    ["of another message", { headers: { "webhook-id": "msg_2" } }],
    ["that is older than five minutes", { sentAt: NOW / 1_000 - 301 }],
    ["from more than five minutes ahead", { sentAt: NOW / 1_000 + 301 }],
    ["without a time", { headers: { "webhook-timestamp": "soon" } }],
    ["of no known version", { headers: { "webhook-signature": "v2,AAAA" } }],
    ["that is missing", { headers: { "webhook-signature": undefined } }],
  ])("%s proves nothing", (_, change) => {
    expect(read(delivered("return.updated", rawReturn, change))).toMatchObject({ kind: "unverified" });
  });

  it("proves nothing where no secret is known, not even an empty one", () => {
    const empty = delivered("return.updated", rawReturn, { secret: "whsec_" });
    expect(read(empty, [])).toMatchObject({ kind: "unverified" });
  });

  it("is taken up to five minutes off either way", () => {
    for (const sentAt of [NOW / 1_000 - 300, NOW / 1_000 + 300])
      expect(read(delivered("return.updated", rawReturn, { sentAt }))).toMatchObject({ kind: "facts" });
  });
});

describe("a delivery", () => {
  it.each([
    ["return.completed", rawReturn, { kind: "return", keeperReturnId: "7001", orderReference: null }],
    ["wro.completed", rawReceiving, { kind: "receipt", keeperInboundId: "442945" }],
    ["return.updated", { type: "return.updated", data: rawReturn }, { kind: "return" }],
  ])("about %s is the resource where it reads as one", (topic, body, fact) => {
    const reading = read(delivered(topic, body));
    expect(reading).toMatchObject({ kind: "facts", deliveryId: "msg_1", facts: [fact] });
    if (reading.kind === "facts") expect(reading.facts.flatMap(factFaults)).toEqual([]);
  });

  it.each([
    ["order.shipped", rawOrder.shipments[0], { keeperOrderIds: ["90001"] }],
    ["order.shipped", rawOrder, { keeperOrderIds: ["90001"] }],
    ["order.shipment.exception", { order_id: "90001", what: "else" }, { keeperOrderIds: ["90001"] }],
    ["order.shipment.cancelled", { something: "new" }, { documents: true }],
    ["return.created", { id: 7001 }, { documents: true }],
    ["wro.box.stowed", { box_id: 3 }, { documents: true }],
  ])("about %s says where to look: a shipment is a part of its order", (topic, body, look) => {
    expect(read(delivered(topic, body))).toMatchObject({ kind: "facts", facts: [], look });
  });

  it("that says nothing of stock is left alone", () => {
    expect(read(delivered("billing.charge.created", { id: 1 }))).toEqual({
      kind: "ignored",
      reason: "not_followed",
    });
  });

  it.each(["[1]", "{", "null", '"text"'])("whose body is %s is malformed", (body) => {
    expect(read(delivered("order.shipped", body))).toMatchObject({ kind: "malformed" });
  });
});
