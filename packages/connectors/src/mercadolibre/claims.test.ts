// What comes back, as claims tell it, at a marketplace that answers.
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Connector, OrderReading } from "../contract/connector.ts";
import { valueOf } from "../contract/testing/value-of.ts";
import { withReturns } from "./claim-return.ts";
import { type MarketplaceBench, startMarketplace } from "./testing/marketplace-bench.ts";

const LISTING = "MLM2000000001";

let bench: MarketplaceBench;
let connector: Connector;

beforeAll(async () => {
  bench = await startMarketplace([
    { account: "plain", listings: [{ listing: LISTING, availableQuantity: 100 }] },
  ]);
  connector = await bench.open("plain");
});

afterAll(() => bench.simulator.stop());

async function delivered(quantity: number): Promise<string> {
  const orderId = await bench.sell(LISTING, quantity);
  await bench.act(orderId, "ship");
  await bench.act(orderId, "deliver");
  return orderId;
}

async function sendBack(orderId: string, body: object): Promise<OrderReading> {
  const { claimId } = (await bench.act(orderId, "return", body)) as { claimId: number };
  return valueOf(await connector.fetchOrder(`claim:${claimId}`));
}

describe("a claim with a return", () => {
  it("says which order's units are on their way back, and how many", async () => {
    const orderId = await delivered(3);
    const { report } = await sendBack(orderId, { quantity: 1 });
    expect(report).toMatchObject({
      orderId,
      status: "shipped",
      lines: [{ listing: LISTING, quantity: 3, shipped: 3, returning: 1 }],
    });
    expect(report.correction).toBeUndefined();
  });

  it("is of the whole order where nothing else is said, also once the order is cancelled for it", async () => {
    const orderId = await delivered(2);
    expect((await sendBack(orderId, {})).report.lines).toMatchObject([{ shipped: 2, returning: 2 }]);
    expect((await sendBack(orderId, { received: true })).report.lines).toMatchObject([{ returning: 2 }]);
  });

  it("that ends without anything coming takes back what was announced", async () => {
    const orderId = await delivered(2);
    await sendBack(orderId, {});
    const { report } = await sendBack(orderId, { ending: "expired" });
    expect(report).toMatchObject({ correction: true, lines: [{ shipped: 2, returning: 0 }] });
  });

  it("sends nothing back where the buyer is refunded and keeps the goods", async () => {
    const { report } = await sendBack(await delivered(1), { lowCost: true });
    expect(report.lines).toMatchObject([{ quantity: 1, returning: 0 }]);
  });

  it("lets go of what the marketplace's own check keeps, or does not find in the parcel", async () => {
    const kept = await delivered(2);
    await sendBack(kept, { triage: true });
    const away = await sendBack(kept, { triaged: { condition: "discard", destination: "meli" } });
    expect(away.report).toMatchObject({ correction: true, lines: [{ shipped: 2, returning: 0 }] });
    const short = await delivered(3);
    await sendBack(short, { triage: true });
    const onward = await sendBack(short, { triaged: { condition: "saleable", missingQuantity: 1 } });
    expect(onward.report).toMatchObject({ correction: true, lines: [{ shipped: 3, returning: 2 }] });
  });

  it("that does not exist is not found, and one that is no number is never asked for", async () => {
    expect(await connector.fetchOrder("claim:99999999")).toMatchObject({ error: { kind: "not_found" } });
    expect(await connector.fetchOrder("claim:../users/me")).toMatchObject({
      error: { code: "unknown_order_id" },
    });
  });
});

it("spreads what comes back over lines of one listing, never beyond what was sold", () => {
  const lines = [
    { lineId: "A", listing: "A", quantity: 2 },
    { lineId: "A#2", listing: "A", quantity: 3, returning: 1 },
    { lineId: "B", listing: "B", quantity: 1 },
  ];
  const back = { units: new Map([["A", 4]]), updatedAt: 0, isCorrection: false };
  expect(withReturns(lines, back).map(({ returning }) => returning)).toEqual([2, 2, 0]);
  expect(withReturns(lines, undefined)).toEqual(lines);
});
