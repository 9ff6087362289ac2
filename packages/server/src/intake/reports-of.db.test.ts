import type { OrderReading } from "@onepool/connectors/contract/connector.ts";
import { beforeAll, describe, expect, it } from "vitest";

import { addSeller, connection, listing, tell, testLedger } from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { reportsOf } from "./reports-of.ts";

const { pool, ...database } = await testDatabase();
const ledger = testLedger({ pool, ...database });
let sellerId = 0;

beforeAll(async () => {
  sellerId = await addSeller(pool, "first");
  const other = await addSeller(pool, "other");
  await tell(ledger, sellerId, connection("meli", {}), { kind: "put_sku", sku: "KB-M", attributes: {} });
  await tell(ledger, sellerId, listing("meli", "MLMU1", "KB-M"), listing("meli", "MLM9", "KB-M"));
  await tell(ledger, other, connection("meli", {}), { kind: "put_sku", sku: "KB-M", attributes: {} });
  await tell(ledger, other, listing("meli", "MLMU2", "KB-M"));
});

const reading = (orderId: string, named: string, stock?: string): OrderReading => ({
  report: {
    channel: "meli",
    orderId,
    status: "paid",
    lines: [{ lineId: named, listing: named, quantity: 1 }],
  },
  fingerprint: orderId,
  readAgainAfterMs: null,
  ...(stock === undefined ? {} : { stockNames: { [named]: stock } }),
});

const namesOf = async (one: OrderReading) =>
  (await reportsOf(pool, { sellerId, code: "meli" }, one)).map(({ orderId, lines }) => [
    orderId,
    ...lines.flatMap(({ lineId, listing: name }) => [lineId, name]),
  ]);

describe("an order that was read", () => {
  it("is a sale of the stock behind its listing where only that is mapped, under the same line", async () => {
    expect(await namesOf(reading("1", "MLM1", "MLMU1"))).toEqual([["1", "MLM1", "MLMU1"]]);
  });

  it("is a sale of its own listing where that is mapped, or neither is", async () => {
    expect(await namesOf(reading("1", "MLM9", "MLMU1"))).toEqual([["1", "MLM9", "MLM9"]]);
    expect(await namesOf(reading("1", "MLM3", "MLMU3"))).toEqual([["1", "MLM3", "MLM3"]]);
    expect(await namesOf(reading("1", "MLM3"))).toEqual([["1", "MLM3", "MLM3"]]);
  });

  it("[I10] knows nothing of another seller's listings", async () => {
    expect(await namesOf(reading("1", "MLM2", "MLMU2"))).toEqual([["1", "MLM2", "MLM2"]]);
  });

  it("comes after those that were read beside it, which take over its units", async () => {
    const heirs = [reading("2", "MLM1", "MLMU1"), reading("3", "MLM9")];
    expect(await namesOf({ ...reading("1", "MLM1", "MLMU1"), alongside: heirs })).toEqual([
      ["2", "MLM1", "MLMU1"],
      ["3", "MLM9", "MLM9"],
      ["1", "MLM1", "MLMU1"],
    ]);
  });
});
