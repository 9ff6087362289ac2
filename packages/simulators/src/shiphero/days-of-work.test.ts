import { describe, expect, it } from "vitest";

import { passTime, SKU, startCallback, startTestShipHero } from "./test-shiphero.ts";

const HOUR_MS = 3_600_000;
const soon = { min: 60_000, max: HOUR_MS };

/** People who do everything, and make mistakes at it. */
const floor = {
  pickAfterMs: soon,
  packAfterMs: soon,
  shipAfterMs: soon,
  putBackAfterMs: soon,
  shortOrders: "ship",
  unseenPick: 0.1,
  splitShipment: 0.3,
  lossesPerDay: 2,
  findsPerDay: 1,
  damagesPerDay: 1,
  countsPerDay: 2,
} as const;

interface Change {
  sku: string;
  quantity: number;
  old_quantity: number;
  previous_on_hand: number;
  location_name: string;
}

/** Bins whose units are on hand; the others have names of their own. */
function isOnHand({ location_name: name }: Change): boolean {
  return !["QUARANTINE-01", "DAMAGED-01", "RETURNS-01"].includes(name);
}

describe("days of work", () => {
  it("leave a chain of changes without a gap, and levels that agree with the record", async () => {
    const callback = await startCallback();
    const vendor = await startTestShipHero({
      callbackUrl: callback.url,
      floor,
      settings: { webhooks: { latencyMs: { min: 0, max: 0 } } },
    });
    for (let n = 1; n <= 12; n += 1) {
      if (n % 3 === 0) await vendor.act("find", { facility: "main", item: SKU, units: 4, noticed: true });
      await vendor.order(1 + (n % 4), `REF-${n}`);
      await passTime(vendor, 6 * HOUR_MS);
    }
    const changes = (callback.ofType("Inventory Change") as unknown as Change[]).filter(
      ({ sku }) => sku === SKU,
    );
    expect(changes.length).toBeGreaterThan(10);
    let onHand = 10;
    for (const change of changes) {
      expect(change.previous_on_hand).toBe(onHand);
      if (isOnHand(change)) onHand += change.quantity - change.old_quantity;
    }
    const [stock] = vendor.truth().stocks;
    const [shown] = vendor.truth().shown;
    expect(onHand).toBe((stock?.record.shelf ?? 0) + (stock?.record.tote ?? 0));
    expect(shown).toMatchObject({ sku: SKU, onHand });
    const last = callback
      .ofType("Inventory Update")
      .findLast((body) => JSON.stringify(body).includes(`"${SKU}"`));
    expect(last).toMatchObject({ inventory: [{ sku: SKU, on_hand: String(onHand) }] });
    // What really is there is another matter.
    expect(stock?.totals).toMatchObject({ lost: expect.any(Number) });
    expect(stock?.totals.lost).toBeGreaterThan(0);
  });
});
