import { afterEach, beforeEach, expect, test } from "vitest";

import { createLog } from "../../log/log.ts";
import { testDatabase } from "../../testing/test-database.ts";
import { ReturnWatch } from "./return-watch.ts";
import { HOUR_MS, ToldKeeper } from "./testing/told-keeper.ts";

const database = await testDatabase();

let keeper: ToldKeeper;

beforeEach(async () => {
  keeper = await ToldKeeper.open(database);
});

afterEach(() => keeper.close());

test("a return that does not arrive is said after its days, and no longer when it came or was given up", async () => {
  const { pool, clock } = keeper.parts();
  const watch = new ReturnWatch({
    pool,
    clock,
    registry: keeper.registry(),
    log: createLog({ level: "silent" }),
  });
  await watch.close(); // looked at by hand from here on
  await keeper.told(keeper.levels({ A: 10 }));
  keeper.clock.advance(HOUR_MS);
  const line = { lineId: "1", sku: "A", quantity: 2, shipped: 2, returning: 2 };
  await keeper.sold("O-1", {}, { status: "shipped", lines: [line] });
  keeper.clock.advance(29 * 24 * HOUR_MS);
  await watch.look();
  expect(await keeper.alerts()).toEqual([]);
  keeper.clock.advance(24 * HOUR_MS);
  await watch.look();
  await watch.look();
  const rows = await keeper.rows<{ subject: string; body: object }>(
    "select subject, body from alert where seller_id = $1 and kind = 'return_overdue'",
  );
  expect(rows).toMatchObject([
    { subject: "web/O-1", body: { units: 2, sku: "A", orderId: "O-1", channel: "web" } },
  ]);
  const order = { channel: "web", orderId: "O-1", lineId: "1" };
  const came = { kind: "movement", movement: "return", sku: "A", location: "3pl", order } as const;
  await keeper.ledger.tell({ ...came, units: 1, externalId: "r-1" });
  await keeper.ledger.tell({ ...came, units: 1, externalId: "r-2", lost: true });
  await watch.look();
  expect(await keeper.alerts()).toEqual([]);
});
