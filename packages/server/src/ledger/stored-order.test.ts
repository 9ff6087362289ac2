import { keyOf } from "@onepool/core/ledger/ledger-state.ts";
import { FOUNDATION, orderStates } from "@onepool/core/ledger/testing/arbitrary-commands.ts";
import { kitStates, MAPPING, PLACES } from "@onepool/core/ledger/testing/arbitrary-left.ts";
import { LedgerStory } from "@onepool/core/ledger/testing/ledger-story.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { encodeOrder } from "./encode-order.ts";
import { decodeOrder } from "./stored-order.ts";

describe("a stored order", () => {
  it("comes back as it was, whatever states it heard", () => {
    fc.assert(
      fc.property(orderStates, fc.string(), fc.boolean(), fc.boolean(), (states, hold, ...flags) => {
        const [doNotShip, cancelRequested] = flags;
        const story = new LedgerStory();
        for (const command of FOUNDATION) story.tell(command);
        for (const { source, order } of states)
          story.tell({
            kind: "order",
            source,
            order: { ...order, doNotShip, cancelRequested, reservationId: hold, placedAt: story.now },
          });
        const record = story.state.orders.get(keyOf("web", "O")) ?? null;
        if (record === null) return;
        const named = {
          ...record,
          lines: record.lines.map((line) => ({
            ...line,
            listing: hold,
            received: { [hold]: 2 },
            lost: { [hold]: 1 },
          })),
        };
        for (const order of [record, named])
          expect(decodeOrder("web", "O", JSON.parse(encodeOrder(order)))).toEqual(order);
      }),
    );
  });

  it("keeps what a keeper counted, the parts it makes and where the rest ships from", () => {
    fc.assert(
      fc.property(kitStates, fc.boolean(), (states, hasCutOver) => {
        const story = LedgerStory.withSkus("A", "B");
        for (const code of PLACES) story.tell({ kind: "put_location", code });
        const connection = { kind: "put_connection", code: "web", connectionKind: "api" } as const;
        const since = hasCutOver ? story.now + 3 : null;
        story.tell({ ...connection, settings: { shipsFrom: "3pl" }, since });
        story.tell(MAPPING);
        for (const state of states) story.tell(state);
        const record = story.state.orders.get(keyOf("web", "O")) ?? null;
        if (record === null) return;
        expect(decodeOrder("web", "O", JSON.parse(encodeOrder(record)))).toEqual(record);
      }),
    );
  });

  it("keeps the history before a cut-over and an explicit correction", () => {
    const story = LedgerStory.withSkus("A");
    story.tell({
      kind: "put_connection",
      code: "web",
      connectionKind: "api",
      mode: "live",
      since: story.now,
    });
    story.order({
      status: "shipped",
      updatedAt: story.now - 1,
      lines: [{ lineId: "1", sku: "A", quantity: 2 }],
    });
    story.order({
      status: "paid",
      updatedAt: story.now,
      correction: true,
      lines: [{ lineId: "1", sku: "A", quantity: 2 }],
    });
    const record = story.state.orders.get(keyOf("web", "A-1")) ?? null;
    if (record === null) throw new Error("the order is not there");
    expect(decodeOrder("web", "A-1", JSON.parse(encodeOrder(record)))).toEqual(record);
    expect(encodeOrder(record)).toContain('"history"');
    expect(encodeOrder(record)).toContain('"corrected"');
  });
});
