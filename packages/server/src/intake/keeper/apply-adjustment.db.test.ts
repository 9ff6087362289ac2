import type { ReceiptFact, ReturnFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { testDatabase } from "../../testing/test-database.ts";
import { HOUR_MS, MINUTE_MS, ToldKeeper } from "./testing/told-keeper.ts";

const database = await testDatabase();

let keeper: ToldKeeper;

beforeEach(async () => {
  keeper = await ToldKeeper.open(database);
});

afterEach(() => keeper.close());

describe("adjustments, deliveries and returns", () => {
  beforeEach(async () => {
    await keeper.told(keeper.levels({ A: [40, 2] }));
    keeper.clock.advance(MINUTE_MS);
  });

  test("damage moves between buckets, and a gap in what lay there before has the level read", async () => {
    await keeper.told(keeper.adjusted({ sellable: -2, held: 2, reason: "damaged", onHandBefore: 40 }));
    expect(await keeper.stock("A")).toEqual({ sellable: 36, damaged: 4 });
    expect(await keeper.looks()).toEqual([]);
    await keeper.told(
      keeper.adjusted({
        sellable: 1,
        held: -1,
        reason: "release_hold",
        onHandBefore: 39,
        occurredAt: keeper.clock.now() + 1,
      }),
    );
    expect(await keeper.stock("A")).toEqual({ sellable: 37, damaged: 3 });
    expect(await keeper.looks()).toEqual(["A"]);
    expect(await keeper.told(keeper.adjusted({ held: -9, reason: "destroyed" }))).toEqual(["booked"]);
    expect(await keeper.stock("A")).toEqual({ sellable: 37 });
  });

  test("a delivery counts what is stowed and what came damaged, once, whatever order its states come in", async () => {
    await keeper.ledger.tell({
      kind: "put_inbound",
      inboundId: "PO-1",
      location: "3pl",
      expectedAt: null,
      status: "announced",
      lines: [{ sku: "A", units: 20 }],
    });
    expect(await keeper.stock("A")).toEqual({ sellable: 38, damaged: 2, incoming: 20 });
    const delivery = (stowed: number, damaged: number): ReceiptFact => ({
      kind: "receipt",
      factId: keeper.id(),
      occurredAt: keeper.clock.now(),
      updatedAt: null,
      keeperInboundId: "w-1",
      reference: "PO-1",
      status: "open",
      lines: [{ item: "A", facility: "F1", expected: 20, stowed, damaged }],
    });
    expect(await keeper.told(delivery(12, 0), delivery(5, 1), delivery(12, 1), delivery(19, 1))).toEqual([
      "booked",
      "booked",
      "nothing",
      "booked",
    ]);
    expect(await keeper.stock("A")).toMatchObject({ sellable: 57, damaged: 3 });
  });

  test("of a delivery that began before the cut-over only what came after it is received", async () => {
    const delivery = (stowed: number, occurredAt: number): ReceiptFact => ({
      kind: "receipt",
      factId: keeper.id(),
      occurredAt,
      updatedAt: null,
      keeperInboundId: "w-1",
      reference: null,
      status: "open",
      lines: [{ item: "A", facility: "F1", expected: 20, stowed, damaged: 0 }],
    });
    expect(await keeper.told(delivery(10, keeper.ago(48 * HOUR_MS)))).toEqual(["nothing"]);
    expect(await keeper.told(delivery(12, keeper.clock.now()))).toEqual(["booked"]);
    expect(await keeper.stock("A")).toEqual({ sellable: 40, damaged: 2 });
    const lost = { sellable: -1, reason: "lost", occurredAt: keeper.ago(48 * HOUR_MS) } as const;
    expect(await keeper.told(keeper.adjusted(lost))).toEqual(["nothing"]);
  });

  test("a return is sellable only when it is restocked, and its order knows of it", async () => {
    await keeper.sold("O-1", { A: 4 });
    await keeper.told(keeper.shipped("O-1", { A: 4 }));
    const came = (
      received: number,
      rest: Partial<ReturnFact["lines"][number]["dispositions"]> = {},
    ): ReturnFact => ({
      kind: "return",
      factId: keeper.id(),
      occurredAt: keeper.clock.now(),
      updatedAt: null,
      keeperReturnId: "r-1",
      reference: null,
      orderReference: "O-1",
      status: "open",
      lines: [
        {
          item: "A",
          facility: "F1",
          quantity: 4,
          received,
          dispositions: { restocked: 0, quarantined: 0, disposed: 0, missing: 0, ...rest },
        },
      ],
    });
    await keeper.told(came(3));
    expect(await keeper.stock("A")).toEqual({ sellable: 34, damaged: 2, quality_control: 3 });
    await keeper.told(came(3, { restocked: 1, quarantined: 1 }));
    expect(await keeper.stock("A")).toEqual({ sellable: 35, damaged: 3, quality_control: 1 });
    await keeper.told(
      came(3, { restocked: 2, quarantined: 1, disposed: 1 }),
      came(3, { restocked: 2, disposed: 1, missing: 1 }),
    );
    expect(await keeper.stock("A")).toEqual({ sellable: 36, damaged: 2 });
    expect(await keeper.alerts()).toEqual(["return_missing"]);
    const rows = await keeper.rows<{ order_id: string }>(
      "select order_id from entry where seller_id = $1 and kind = 'return' order by seq",
    );
    expect(rows).toEqual([{ order_id: "O-1" }]);
  });
});
