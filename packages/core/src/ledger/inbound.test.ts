import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";

import type { Command } from "./command.ts";
import { openUnits } from "./inbound-legs.ts";
import { FOUNDATION, SKUS, anyCommand } from "./testing/arbitrary-commands.ts";
import { LedgerStory, NOON } from "./testing/ledger-story.ts";

let story: LedgerStory;

beforeEach(() => {
  story = LedgerStory.withSkus("A", "B");
  story.tell({ kind: "put_location", code: "3pl", locationKind: "3pl" });
  story.tell({ kind: "put_location", code: "fba", locationKind: "channel" });
});

type Announced = Partial<Extract<Command, { kind: "put_inbound" }>>;

function announce(rest: Announced = {}) {
  return story.tell({
    kind: "put_inbound",
    inboundId: "PO-1",
    location: "main",
    expectedAt: NOON + 1000,
    status: "announced",
    lines: [{ sku: "A", units: 10 }],
    ...rest,
  });
}

let receipts = 0;

function receipt(units: number, rest: object = {}) {
  const externalId = `r-${receipts++}`;
  return story.move("receipt", { sku: "A", location: "main", units, externalId, inboundId: "PO-1", ...rest });
}

const at = (bucket: "incoming" | "sellable", location = "main", sku = "A") =>
  story.state.balance(sku, location, bucket);

describe("an inbound", () => {
  test("stands as incoming and never as available", () => {
    announce();
    expect(at("incoming")).toBe(10);
    expect(story.pool("A")).toMatchObject({ onHand: 0, available: 0 });
  });

  test("told again changes nothing; with other units the difference moves", () => {
    announce();
    expect(announce()).toMatchObject({ ok: true, seq: story.entries.length });
    announce({ lines: [{ sku: "A", units: 4 }, ...[3, 2].map((units) => ({ sku: "B", units }))] });
    expect([at("incoming"), at("incoming", "main", "B")]).toEqual([4, 5]);
    announce({ location: "3pl" });
    expect([at("incoming"), at("incoming", "3pl"), at("incoming", "3pl", "B")]).toEqual([0, 10, 0]);
  });

  test("is received in parts by receipts that name it, also more than was expected", () => {
    announce();
    receipt(6);
    expect([at("incoming"), at("sellable")]).toEqual([4, 6]);
    receipt(7);
    expect([at("incoming"), at("sellable")]).toEqual([0, 13]);
    expect(story.state.inbound("PO-1")?.lines).toEqual([{ sku: "A", expected: 10, received: 13 }]);
  });

  test("may bring what nobody announced, and elsewhere", () => {
    announce();
    receipt(2, { sku: "B", location: "3pl" });
    expect([at("incoming"), at("sellable", "3pl", "B")]).toEqual([10, 2]);
  });

  test("releases the rest when it is closed or cancelled, and takes late receipts all the same", () => {
    announce();
    receipt(6);
    announce({ status: "closed" });
    expect(at("incoming")).toBe(0);
    receipt(1);
    expect([at("incoming"), at("sellable")]).toEqual([0, 7]);
    announce();
    expect(at("incoming")).toBe(3);
    announce({ status: "cancelled" });
    expect(at("incoming")).toBe(0);
  });

  test("is refused for unknown places and SKUs and for a channel's warehouse; so is a receipt of an unknown one", () => {
    const refused = (decision: unknown, code: string) =>
      expect(decision).toMatchObject({ ok: false, rejection: { code } });
    refused(announce({ location: "nowhere" }), "unknown_location");
    refused(announce({ location: "fba" }), "invalid_field");
    refused(announce({ lines: [] }), "invalid_field");
    refused(announce({ lines: [{ sku: "NOPE", units: 1 }] }), "unknown_sku");
    refused(receipt(1), "unknown_inbound");
    expect(at("sellable")).toBe(0);
  });
});

describe("a transfer under way", () => {
  const transfer = (rest: object = {}) =>
    story.move("transfer", {
      sku: "A",
      location: "main",
      toLocation: "3pl",
      units: 4,
      externalId: "T-1",
      inTransit: true,
      ...rest,
    });

  beforeEach(() => void story.receive("A", 10));

  test("leaves now, is nobody's to sell, and arrives by a receipt that names it", () => {
    transfer({ expectedAt: NOON + 5 });
    expect([at("sellable"), at("incoming", "3pl"), story.pool("A").available]).toEqual([6, 4, 6]);
    expect(story.state.inbound("T-1")).toMatchObject({ from: "main", location: "3pl", expectedAt: NOON + 5 });
    receipt(3, { location: "3pl", inboundId: "T-1" });
    expect([at("sellable", "3pl"), at("incoming", "3pl"), story.pool("A").available]).toEqual([3, 1, 9]);
    announce({ inboundId: "T-1", location: "3pl", status: "closed", lines: [{ sku: "A", units: 4 }] });
    expect([at("sellable", "3pl"), at("incoming", "3pl")]).toEqual([3, 0]);
    expect(story.entries.at(-1)?.entry.legs).toMatchObject([
      { bucket: "incoming", units: -1, counterpart: "lost" },
    ]);
  });

  test("takes only what nobody was promised", () => {
    story.order({ status: "paid", lines: [{ lineId: "1", sku: "A", quantity: 7 }] });
    expect(transfer()).toMatchObject({ ok: false, rejection: { code: "insufficient_units" } });
    expect(transfer({ inTransit: false }).ok).toBe(true);
  });

  test("to a channel's warehouse may say when it is expected, and is closed like any inbound", () => {
    transfer({ toLocation: "fba", inTransit: undefined, expectedAt: NOON });
    expect(at("incoming", "fba")).toBe(4);
    announce({ inboundId: "T-1", location: "fba", status: "closed", lines: [{ sku: "A", units: 4 }] });
    expect(at("incoming", "fba")).toBe(0);
  });

  test("is refused with a date when it arrives at once, and under the id of another inbound", () => {
    expect(transfer({ inTransit: false, expectedAt: NOON })).toMatchObject({
      ok: false,
      rejection: { field: "expectedAt" },
    });
    announce({ inboundId: "T-1" });
    expect(transfer()).toMatchObject({ ok: false, rejection: { code: "external_id_conflict" } });
  });
});

test("[I1] what is incoming at own locations is what inbounds have still to come, whatever happens", () => {
  fc.assert(
    fc.property(fc.array(anyCommand, { maxLength: 40 }), (commands) => {
      const told = new LedgerStory();
      for (const command of [...FOUNDATION, ...commands]) told.tell(command);
      const open = [...told.state.inbounds.values()].flatMap((inbound) =>
        (inbound?.lines ?? []).map((line) => ({
          account: `${line.sku} ${inbound?.location}`,
          units: inbound === null ? 0 : openUnits(inbound, line),
        })),
      );
      for (const account of SKUS.flatMap((sku) => [`${sku} main`, `${sku} 3pl`])) {
        const [sku = "", location = ""] = account.split(" ");
        const expected = open.filter((line) => line.account === account);
        expect(told.state.balance(sku, location, "incoming")).toBe(
          expected.reduce((sum, { units }) => sum + units, 0),
        );
      }
    }),
    { numRuns: 300 },
  );
});
