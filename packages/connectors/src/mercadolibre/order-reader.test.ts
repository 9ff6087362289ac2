// What becomes of orders, parcels and splits, and what was missed, at a marketplace that answers.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { Connector, MissedNoticesPage, OrderReading } from "../contract/connector.ts";
import { valueOf } from "../contract/testing/value-of.ts";
import { mercadolibre } from "./connector.ts";
import { type MarketplaceBench, startMarketplace, until } from "./testing/marketplace-bench.ts";

let bench: MarketplaceBench;

beforeAll(async () => {
  bench = await startMarketplace([
    {
      account: "plain",
      listings: [
        { listing: "MLM2000000001", availableQuantity: 40, userProductId: "MLMU201" },
        { listing: "MLM2000000002", availableQuantity: 40, userProductId: "MLMU201" },
        { listing: "MLM2000000003", availableQuantity: 40 },
      ],
    },
    {
      account: "unheard",
      app: "deaf",
      listings: [{ listing: "MLM2400000001", availableQuantity: 500 }],
    },
  ]);
});
afterEach(() => bench.simulator.control("PUT", "/_sim/faults", {}));
afterAll(() => bench.simulator.stop());

describe("a split pack", () => {
  const unitsHeld = (readings: readonly OrderReading[]) =>
    readings
      .flatMap(({ report }) => report.lines)
      .reduce((units, { quantity, cancelled = 0 }) => units + quantity - cancelled, 0);

  it("gives up its units in the same moment in which the new orders claim them, whichever is read first", async () => {
    const connector = await bench.open("plain");
    const orderId = await bench.sell("MLM2000000001", 3);
    await bench.act(orderId, "split", { gapMs: 700 });
    const early = valueOf(await connector.fetchOrder(orderId));
    expect(early).toMatchObject({ report: { status: "paid", doNotShip: true }, readAgainAfterMs: 5_000 });
    expect(unitsHeld([early])).toBe(3);
    const late = await until(
      async () => valueOf(await connector.fetchOrder(orderId)),
      ({ report }) => report.status === "cancelled",
    );
    const { alongside = [], ...original } = late;
    expect(original.readAgainAfterMs).toBeNull();
    expect(unitsHeld([original])).toBe(0);
    expect(alongside.length).toBe(2);
    expect(unitsHeld(alongside)).toBe(3);
    expect(unitsHeld([early, ...alongside])).toBeGreaterThanOrEqual(3);
    for (const { report } of alongside) {
      expect(valueOf(await connector.fetchOrder(report.orderId)).report).toEqual(report);
    }
  });
});

describe("an order", () => {
  it("that was cancelled keeps its units while its parcel cannot be read", async () => {
    const connector = await bench.open("plain");
    const orderId = await bench.sell("MLM2000000001", 1);
    await bench.act(orderId, "cancel", { requestedBy: "buyer" });
    const away = { kind: "serverError", status: 500, times: 1, endpoint: "GET /shipments/:id" };
    await bench.simulator.control("PUT", "/_sim/faults", { api: [away] });
    expect(valueOf(await connector.fetchOrder(orderId)).report).toMatchObject({
      status: "paid",
      doNotShip: true,
      lines: [{ cancelled: 0 }],
    });
    expect(valueOf(await connector.fetchOrder(orderId)).report).toMatchObject({
      status: "cancelled",
      lines: [{ cancelled: 1 }],
    });
  });

  it("whose delivery failed is on its way back, not free", async () => {
    const connector = await bench.open("plain");
    const orderId = await bench.sell("MLM2000000001", 1);
    await bench.act(orderId, "ship");
    await bench.act(orderId, "deliver", { failed: true });
    expect(valueOf(await connector.fetchOrder(orderId)).report.lines).toMatchObject([
      { cancelled: 1, shipped: 1, returning: 1 },
    ]);
  });
});

describe("a parcel", () => {
  async function sellCart(): Promise<{ readonly orderIds: readonly string[]; readonly parcelId: string }> {
    const lines = [
      { listing: "MLM2000000001", quantity: 1 },
      { listing: "MLM2000000003", quantity: 2 },
    ];
    const cart = await bench.simulator.control("POST", "/_sim/carts", { lines, closingGapMs: 0 });
    const orderIds = (cart["orders"] as { orderId: number }[]).map(({ orderId }) => String(orderId));
    const all = await bench.simulator.control("GET", "/_sim/orders");
    const [parcelId] = (all["orders"] as { orderId: number; shipmentId: number }[])
      .filter(({ orderId }) => orderIds.includes(String(orderId)))
      .map(({ shipmentId }) => String(shipmentId));
    return { orderIds, parcelId: parcelId ?? "" };
  }

  const readParcel = async (connector: Connector, parcelId: string) => {
    const notice = mercadolibre.noticeOf("shipments", `/shipments/${parcelId}`);
    if (notice?.about.kind !== "order") throw new Error("a parcel is news of its orders");
    const { alongside = [], ...last } = valueOf(await connector.fetchOrder(notice.about.orderId));
    return [...alongside, last].map(({ report }) => report);
  };

  it("is news of all the orders in it", async () => {
    const connector = await bench.open("plain");
    const { orderIds, parcelId } = await sellCart();
    const paid = await readParcel(connector, parcelId);
    expect(paid.map(({ orderId }) => orderId).toSorted()).toEqual(orderIds.toSorted());
    expect(paid.map(({ status }) => status)).toEqual(["paid", "paid"]);
    await bench.act(orderIds[0] ?? "", "ship");
    expect((await readParcel(connector, parcelId)).map(({ status }) => status)).toEqual([
      "shipped",
      "shipped",
    ]);
  });

  it("that is not there yet is read again", async () => {
    const connector = await bench.open("plain");
    expect(await connector.fetchOrder("shipment:4")).toMatchObject({
      ok: false,
      error: { kind: "not_found" },
    });
  });

  it("of a cart that is split brings the new orders with the old ones, all units claimed once", async () => {
    const connector = await bench.open("plain");
    const { orderIds, parcelId } = await sellCart();
    await bench.act(orderIds[0] ?? "", "split", { gapMs: 0 });
    const reports = await readParcel(connector, parcelId);
    const held = reports
      .flatMap(({ lines }) => lines)
      .map(({ listing, quantity, cancelled = 0 }) => ({ listing, units: quantity - cancelled }))
      .filter(({ units }) => units !== 0);
    expect(held.length).toBe(2);
    expect(held).toEqual(
      expect.arrayContaining([
        { listing: "MLM2000000001", units: 1 },
        { listing: "MLM2000000003", units: 2 },
      ]),
    );
    expect(reports.filter(({ orderId }) => orderIds.includes(orderId)).map(({ status }) => status)).toEqual([
      "cancelled",
      "cancelled",
    ]);
  });
});

describe("missed notifications", () => {
  it.each([false, true])(
    "are listed topic by topic to their end, rows repeated: %s",
    async (missedRowsRepeat) => {
      const connector = await bench.open("unheard");
      expect(await missedBy(await bench.open("plain"))).toEqual([]);
      const sold: string[] = [];
      for (let nth = 0; nth < 55; nth++) sold.push(await bench.sell("MLM2400000001", 1));
      await bench.simulator.control("PUT", "/_sim/faults", { notifications: { missedRowsRepeat } });
      // The third attempt, after eight minutes, is the one after which they are kept; each follows the one before.
      const bodies = await until(
        async () => {
          await bench.simulator.control("POST", "/_sim/clock", { advanceMs: 300_000 });
          return missedBy(connector);
        },
        (missed) => sold.every((orderId) => JSON.stringify(missed).includes(orderId)),
      );
      const readings = bodies.map((body) => mercadolibre.readNotification(body));
      const subjects = readings.flatMap((reading) =>
        reading.kind === "notice" ? [reading.notice.about] : [],
      );
      expect(subjects.length).toBe(readings.length);
      expect(subjects).toEqual(expect.arrayContaining(sold.map((orderId) => ({ kind: "order", orderId }))));
      expect(subjects).toContainEqual({ kind: "listing", externalId: "MLM2400000001" });
    },
  );
});

async function missedBy(connector: Connector): Promise<unknown[]> {
  const bodies: unknown[] = [];
  for (let page: string | null = ""; page !== null;) {
    const answer = await connector.listMissedNotices?.(page);
    if (answer === undefined) throw new Error("MercadoLibre keeps what it could not deliver");
    const missed: MissedNoticesPage = valueOf(answer);
    bodies.push(...missed.bodies);
    page = missed.nextPage;
  }
  return bodies;
}
