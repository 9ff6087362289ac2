import { afterEach, beforeEach, expect, test } from "vitest";

import { testDatabase } from "../../testing/test-database.ts";
import { MINUTE_MS, ToldKeeper } from "./testing/told-keeper.ts";

const database = await testDatabase();

let keeper: ToldKeeper;

beforeEach(async () => {
  keeper = await ToldKeeper.open(database);
  await keeper.told(keeper.levels({ A: 40, B: 20 }));
  keeper.clock.advance(MINUTE_MS);
  await keeper.sold("O-1", { A: 3 });
  await keeper.rows(
    `insert into keeper_order (seller_id, reference, connection, channel, order_id, facility, lines, items, state, keeper_order_id, created_at)
     values ($1, 'OP-1-1', 'wh', 'web', 'O-1', 'F1', '[]', '[]', 'sent', 'k-O-1', now())`,
  );
});

afterEach(() => keeper.close());

async function given(): Promise<{ state: string; error: string | null; isDue: boolean } | undefined> {
  const [row] = await keeper.rows<{ state: string; error: string | null; isDue: boolean }>(
    `select state, error, exists (select from order_due d where d.seller_id = k.seller_id and d.order_id = k.order_id) as "isDue"
     from keeper_order k where k.seller_id = $1`,
  );
  return row;
}

test("an order that the keeper cancels by itself is neither waited for nor given again without a person", async () => {
  await keeper.told(keeper.shipped("O-1", { A: 0 }, { reference: "OP-1-1", status: "cancelled" }));
  expect(await given()).toMatchObject({ state: "refused", isDue: true });
  expect(await keeper.alerts()).toEqual(["fulfilment_refused"]);
  expect(await keeper.stock("A")).toEqual({ sellable: 40, committed: 3 });
});

test("what we asked it to leave is left", async () => {
  await keeper.rows("update keeper_order set state = 'cancelling' where seller_id = $1");
  await keeper.told(keeper.shipped("O-1", { A: 0 }, { reference: "OP-1-1", status: "cancelled" }));
  expect(await given()).toMatchObject({ state: "cancelled", error: null, isDue: true });
  expect(await keeper.alerts()).toEqual([]);
});

test("what it cannot ship in full is told until it can", async () => {
  const lines = [{ item: "A", facility: "F1", shipped: 1, ordered: 3, shortReason: "OutOfStock" }];
  await keeper.told(keeper.shipped("O-1", {}, { reference: "OP-1-1", status: "short", lines }));
  expect(await given()).toMatchObject({ state: "sent" });
  expect(await keeper.alerts()).toEqual(["fulfilment_refused"]);
  expect(await keeper.stock("A")).toEqual({ sellable: 39, committed: 2 });
  await keeper.told(keeper.shipped("O-1", { A: 3 }, { reference: "OP-1-1" }));
  expect(await keeper.alerts()).toEqual([]);
  expect(await keeper.stock("A")).toEqual({ sellable: 37 });
});
