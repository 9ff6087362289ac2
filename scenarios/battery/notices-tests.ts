import type { Notice, NoticeReading } from "@onepool/connectors/contract/notice.ts";
import type { OrderReport } from "@onepool/core/ledger/order-record.ts";
import { lineFacts } from "@onepool/core/ledger/source-facts.ts";
import { describe, expect, it } from "vitest";

import { type BatteryBench, valueOf } from "./battery-bench.ts";
import { type BatteryParts, benchOfEachTest, needs } from "./bench-of-each-test.ts";

type Understood = Extract<NoticeReading, { kind: "notice" }>;

const HOUR_MS = 3_600_000;

/** News of orders: told, told twice, told late, and not told. */
export function noticesTests(parts: BatteryParts): void {
  notification(parts);
  repeatedNotification(parts);
  untoldOrder(parts);
}

function notification(parts: BatteryParts): void {
  const { kind, notices } = parts.subject;

  describe("a notification", () => {
    const bench = benchOfEachTest(parts);

    it("names the account that the connection is of", async () => {
      await bench().sell();
      const told = await takeUnderstood(bench());
      expect(told.length).toBeGreaterThan(0);
      const accountId = valueOf(await bench().connector.readAccountId());
      expect(accountId).toBe(bench().channel.accountId);
      expect(told.filter((reading) => reading.accountId !== accountId)).toEqual([]);
    });

    it("of a sale points at the order, in the one shape of its topic, and comes back from what is stored", async () => {
      const orderId = await bench().sell();
      const told = await takeUnderstood(bench());
      const ofOrder = told.filter(({ notice }) => isAbout(notice, orderId));
      expect(ofOrder.length).toBeGreaterThan(0);
      for (const { notice } of told) {
        expect(notice.resource).toMatch(notices[notice.topic] ?? /^(?!)/);
        expect(kind.noticeOf(notice.topic, notice.resource)).toEqual(notice);
      }
    });

    it("of a sale is the notice that an order found by polling is stored as", async () => {
      const orderId = await bench().sell();
      const ofOrder = (await takeUnderstood(bench())).filter(({ notice }) => isAbout(notice, orderId));
      const found = kind.noticeOfOrder(orderId);
      expect(found.about).toEqual({ kind: "order", orderId });
      expect(kind.noticeOf(found.topic, found.resource)).toEqual(found);
      expect(ofOrder.length).toBeGreaterThan(0);
      // One that carries a state is kept apart, so that it is not overtaken by one that only points.
      for (const { notice, says } of ofOrder)
        if (says === undefined && notice.topic === found.topic) expect(notice).toEqual(found);
        else expect(notice.about).toEqual(found.about);
    });

    it("says nothing of an order that the order itself does not say", async ({ skip }) => {
      const orderId = await bench().sell({ units: 2 });
      const said = (await takeUnderstood(bench())).flatMap(({ says }) =>
        says === undefined ? [] : [says.report],
      );
      if (said.length === 0) skip("not applicable: its notifications only point");
      const { report } = await bench().order(orderId);
      for (const told of said) {
        expect(told.orderId).toBe(orderId);
        for (const line of told.lines) {
          const read = report.lines.find(({ lineId }) => lineId === line.lineId);
          expect(read).toMatchObject({ quantity: line.quantity });
          if (read === undefined) continue;
          const whole = { ...told, channel: report.channel };
          expect(lineFacts(whole, line).rank).toBeLessThanOrEqual(lineFacts(report, read).rank);
          expect([line.sku, line.listing]).toEqual([read.sku, read.listing]);
        }
      }
    });
  });
}

function repeatedNotification(parts: BatteryParts): void {
  const { faults } = parts.subject;

  describe("a notification", () => {
    const bench = benchOfEachTest(parts);

    it.for(["doubled", "reordered"] as const)(
      "that comes %s leads to the same notice and the same state",
      async (fault, { skip }) => {
        needs(skip, faults[fault]);
        await bench().channel.setFaults(fault);
        const orderId = await bench().sell({ units: 2 });
        await bench().channel.step(orderId, "cancel");
        const told = (await takeUnderstood(bench())).filter(({ notice }) => isAbout(notice, orderId));
        expect(told.length).toBeGreaterThan(1);
        const distinct = new Set(told.map(({ notice }) => JSON.stringify(notice))).size;
        if (fault === "doubled") expect(distinct).toBeLessThanOrEqual(told.length / 2);
        const readings: OrderReport[] = [];
        for (const _ of told) readings.push((await bench().order(orderId)).report);
        expect(readings).toEqual(readings.map(() => readings[0]));
        expect(readings[0]?.lines).toMatchObject([{ quantity: 2, cancelled: 2 }]);
      },
    );
  });
}

function untoldOrder(parts: BatteryParts): void {
  const { kind, faults } = parts.subject;

  describe("an order nobody was told of", () => {
    const bench = benchOfEachTest(parts);

    it("is found by polling", async ({ skip }) => {
      needs(skip, faults.lost);
      await bench().channel.setFaults("lost");
      const orderId = await bench().sell();
      const told = (await takeUnderstood(bench())).filter(({ notice }) => isAbout(notice, orderId));
      expect(told).toEqual([]);
      await bench().listed();
      const from = bench().channel.clock.now() - HOUR_MS;
      const page = valueOf(await bench().connector.listChangedOrders({ from }));
      expect(page.orders.map((order) => order.orderId)).toContain(orderId);
    });

    it("is among the notifications that the channel kept for us", async ({ skip }) => {
      if (kind.capability.missedNoticesIntervalMs === null)
        return skip("not applicable: the channel keeps none");
      bench().channel.listen(false);
      const sold: string[] = [];
      valueOf(await bench().push(parts.subject.orders.morePages));
      await bench().channel.advance(kind.capability.writeAppliesWithinMs);
      while (sold.length < parts.subject.orders.morePages / 2) sold.push(await bench().sell());
      expect(await bench().channel.takeNews()).toEqual([]);
      const missed = (await missedBodies(bench())).map((body) => kind.readNotification(body));
      const kept = missed.flatMap((reading) => (reading.kind === "notice" ? [reading.notice.resource] : []));
      expect(kept).toEqual(expect.arrayContaining(sold.map((id) => kind.noticeOfOrder(id).resource)));
    });

    it("is asked for again when it cannot be read yet", async ({ skip }) => {
      needs(skip, faults.notThereYet);
      await bench().channel.setFaults("notThereYet");
      const orderId = await bench().sell();
      const early = await bench().connector.fetchOrder(orderId);
      expect(early).toMatchObject({ ok: false, error: { kind: "not_found" } });
      await bench().channel.setFaults();
      expect((await bench().order(orderId)).report.orderId).toBe(orderId);
    });
  });
}

async function takeUnderstood(bench: BatteryBench): Promise<Understood[]> {
  const bodies = await bench.channel.takeNews();
  return bodies
    .map((body) => bench.subject.kind.readNotification(body))
    .filter((reading) => reading.kind === "notice");
}

function isAbout({ about }: Notice, orderId: string): boolean {
  return about.kind === "order" && about.orderId === orderId;
}

async function missedBodies(bench: BatteryBench): Promise<unknown[]> {
  const bodies: unknown[] = [];
  let next: string | undefined;
  do {
    const { connector } = bench;
    if (connector.listMissedNotices === undefined) throw new Error("the capability promises missed notices");
    const page = valueOf(await connector.listMissedNotices(next));
    bodies.push(...page.bodies);
    next = page.nextPage ?? undefined;
  } while (next !== undefined);
  return bodies;
}
