import { expect, it } from "vitest";

import type { ChangedOrdersPage, Connector } from "../connector.ts";
import type { Notice } from "../notice.ts";
import { type BatteryBench, valueOf } from "./battery-bench.ts";

/** Orders, and how news of them arrives. */
export function testOrders(bench: BatteryBench): void {
  const { listing, kind } = bench.channel;
  const noticesOf = (orderId: string, bodies: readonly unknown[]): Notice[] =>
    bodies
      .map((body) => kind.readNotification(body))
      .flatMap((reading) => (reading.kind === "notice" ? [reading.notice] : []))
      .filter(({ about }) => about.kind === "order" && about.orderId === orderId);

  it("asks to come back for an order that is notified before it can be read", async () => {
    await bench.setFaults({ orderNotFoundMs: 3_600_000 });
    const orderId = await bench.sell(1);
    expect(await bench.connector.fetchOrder(orderId)).toMatchObject({
      ok: false,
      error: { kind: "not_found" },
    });
    await bench.setFaults({});
    expect(await bench.connector.fetchOrder(orderId)).toMatchObject({
      ok: true,
      value: { report: { orderId } },
    });
  });

  it("reads the same order from doubled and reordered notifications, and its newest state from each", async () => {
    await bench.setFaults({
      notifications: { duplicate: 1, reorder: 0.5, reorderMs: 400 },
    });
    const seenBefore = bench.sink.bodies.length;
    const orderId = await bench.sell(2);
    const paid = await bench.order(orderId);
    await bench.control("POST", `/_sim/orders/${orderId}/cancel`, { requestedBy: "buyer" });
    await bench.sink.until((bodies) => noticesOf(orderId, bodies.slice(seenBefore)).length >= 4);
    for (const notice of noticesOf(orderId, bench.sink.bodies)) {
      expect(kind.noticeOf(notice.topic, notice.resource)).toEqual(notice);
      const { report } = await bench.order(orderId);
      expect(report.lines).toMatchObject([{ listing: listing.externalId, quantity: 2, cancelled: 2 }]);
      expect(report.updatedAt).toBeGreaterThanOrEqual(paid.report.updatedAt ?? Number.NaN);
    }
    expect(paid.report).toMatchObject({
      status: "paid",
      lines: [{ quantity: 2, cancelled: 0, shipped: 0 }],
    });
  });

  it("finds by polling what was never notified, page by page", async () => {
    await bench.setFaults({ notifications: { loss: 1 } });
    const sold: string[] = [];
    expect(await bench.push(500)).toMatchObject({ ok: true });
    for (let nth = 0; nth < 60; nth++) sold.push(await bench.sell(1));
    const pages = await pagesOf(bench.connector, Date.now() - 3_600_000);
    const found = pages.flatMap(({ orders }) => orders.map(({ orderId }) => orderId));
    expect(found).toEqual(expect.arrayContaining(sold));
    expect(pages.length).toBeGreaterThan(1);
  });

  it("understands nothing that is not a notification", () => {
    for (const body of [null, 1, "x", [], {}, { topic: 1, resource: {} }]) {
      expect(kind.readNotification(body)).toMatchObject({ kind: "malformed" });
    }
  });
}

async function pagesOf(connector: Connector, from: number, page?: string): Promise<ChangedOrdersPage[]> {
  const first = valueOf(await connector.listChangedOrders({ from, ...(page === undefined ? {} : { page }) }));
  return first.nextPage === null ? [first] : [first, ...(await pagesOf(connector, from, first.nextPage))];
}
