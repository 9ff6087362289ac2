import { valueOf } from "@onepool/connectors/contract/testing/value-of.ts";
import { describe, expect, it } from "vitest";

import { benchOfEachPart } from "./bench-of-each-part.ts";
import type { KeeperSubject } from "./keeper-subject.ts";

export function orderTests(subject: KeeperSubject): void {
  describe("an order", () => {
    const bench = benchOfEachPart(subject);

    it("is made once per reference, and read by reference and by id", async () => {
      const keeper = bench().connect();
      const order = bench().order(2);
      const made = valueOf(await keeper.createOrder(order));
      expect(valueOf(await keeper.createOrder(order))).toEqual(made);
      expect(valueOf(await keeper.createOrder(bench().order(2)))).not.toEqual(made);
      const read = valueOf(await keeper.readOrder({ reference: order.reference }));
      expect(read).toMatchObject({ ...made, reference: order.reference, status: "open" });
      expect(valueOf(await keeper.readOrder(made))).toEqual(read);
      expect(valueOf(await keeper.readOrder({ reference: "never" }))).toBeNull();
    });

    it.each(["droppedAfter", "halfAfter", "silentAfter"] as const)(
      "that was made without an answer is found again: %s",
      async (kind) => {
        const order = bench().order(1);
        const hasty = bench().connect({ timeoutMs: 1_500 });
        let struck = 0;
        bench().wire.spoil((call) => {
          const isMaking = call.method === "POST" && call.body.includes(order.reference);
          const isCreate = isMaking && (/order_create/.test(call.body) || call.target.endsWith("/order"));
          if (!isCreate || struck > 0) return null;
          struck += 1;
          return { kind };
        });
        const first = await hasty.createOrder(order);
        expect(struck).toBe(1);
        if (!first.ok) expect(first.error).toMatchObject({ kind: "transient", mayHaveApplied: true });
        bench().wire.clear();
        const again = valueOf(await bench().connect().createOrder(order));
        if (first.ok) expect(first.value).toEqual(again);
        const { orders } = (await bench().simulator.control("GET", "/_sim/warehouse/documents")) as {
          orders: { id: string }[];
        };
        const count = orders.length;
        expect(valueOf(await bench().connect().createOrder(order))).toEqual(again);
        const after = await bench().simulator.control("GET", "/_sim/warehouse/documents");
        expect(after.orders).toHaveLength(count);
      },
    );

    it("of an unknown item is refused with a sentence", async () => {
      expect(await bench().connect().createOrder(bench().order(1, subject.unknownItem))).toMatchObject({
        ok: false,
        // Both end the order for good; which of them depends on how the keeper puts it.
        error: { kind: expect.toBeOneOf(["rejected", "not_found"]), message: expect.stringMatching(/\S \S/) },
      });
    });

    it("is cancelled in time, twice is once, and is unknown where it never was", async () => {
      const keeper = bench().connect();
      const order = bench().order(1);
      await keeper.createOrder(order);
      const asked = { reference: order.reference, keeperOrderId: null };
      for (let times = 0; times < 2; times++)
        expect(valueOf(await keeper.cancelOrder(asked))).toBe("cancelled");
      expect(valueOf(await keeper.cancelOrder({ ...asked, reference: "never" }))).toBe("unknown");
    });

    it("that left is shipped, and too late to be cancelled", async () => {
      const keeper = bench().connect();
      const order = bench().order(3);
      const made = valueOf(await keeper.createOrder(order));
      await bench().ship(made.keeperOrderId);
      expect(valueOf(await keeper.readOrder(made))).toMatchObject({
        status: "shipped",
        lines: [{ shipped: 3 }],
      });
      expect(valueOf(await keeper.cancelOrder({ ...order, ...made }))).toBe("too_late");
    });
  });
}

export function inboundTests(subject: KeeperSubject): void {
  describe("a delivery to the keeper", () => {
    const bench = benchOfEachPart(subject);
    const announced = () => ({
      reference: bench().reference(),
      facility: subject.facility.code,
      expectedAt: bench().clock.now() + 86_400_000,
      lines: [{ item: subject.items[1], units: 10 }],
    });

    it("is announced once per reference, cancelled in time, and unknown where it never was", async () => {
      const keeper = bench().connect();
      const inbound = announced();
      const made = valueOf(await keeper.announceInbound(inbound));
      expect(valueOf(await keeper.announceInbound(inbound))).toEqual(made);
      expect(valueOf(await keeper.announceInbound(announced()))).not.toEqual(made);
      const asked = { reference: inbound.reference, keeperInboundId: null };
      for (let times = 0; times < 2; times++)
        expect(valueOf(await keeper.cancelInbound(asked))).toBe("cancelled");
      expect(valueOf(await keeper.cancelInbound({ ...asked, reference: "never" }))).toBe("unknown");
    });

    it("that came in part is too late to be cancelled", async () => {
      const keeper = bench().connect();
      const inbound = announced();
      const made = valueOf(await keeper.announceInbound(inbound));
      const id = subject.buildingId(made.keeperInboundId);
      await bench().act("arrive-inbound", { id });
      await bench().act("receive", { id, lines: [{ item: subject.items[1], units: 4 }] });
      expect(valueOf(await keeper.cancelInbound({ ...inbound, ...made }))).toBe("too_late");
    });
  });
}
