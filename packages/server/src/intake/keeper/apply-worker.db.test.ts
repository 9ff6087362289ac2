import { afterEach, beforeEach, expect, test } from "vitest";

import { createLog } from "../../log/log.ts";
import { testDatabase } from "../../testing/test-database.ts";
import { waitUntil } from "../../testing/wait-until.ts";
import { ApplyWorker } from "./apply-worker.ts";
import { ToldKeeper } from "./testing/told-keeper.ts";

const database = await testDatabase();

let keeper: ToldKeeper;
const workers: ApplyWorker[] = [];

beforeEach(async () => {
  keeper = await ToldKeeper.open(database);
});

afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close();
  await keeper.close();
});

function start(): ApplyWorker {
  const worker = new ApplyWorker({
    ...keeper.parts(),
    ledger: keeper.ledger.ledger,
    log: createLog({ level: "silent" }),
  });
  workers.push(worker);
  return worker;
}

const isDone = async (): Promise<boolean> =>
  (await keeper.rows("select from keeper_fact where seller_id = $1 and state not in ('done', 'nothing')"))
    .length === 0;

test("[I2] several at work on one keeper count each fact once", async () => {
  await keeper.told(keeper.levels({ A: 500 }));
  keeper.clock.advance(60_000);
  const facts = Array.from({ length: 60 }, () => keeper.adjusted({ sellable: -1, reason: "lost" }));
  await keeper.store(...facts);
  const [one, other] = [start(), start(), start()];
  one?.wake();
  other?.wake();
  await waitUntil(isDone);
  expect(await keeper.stock("A")).toEqual({ sellable: 440 });
});

test("what waits is tried again by itself, later each time", async () => {
  await keeper.told(keeper.levels({ A: 10 }));
  keeper.clock.advance(60_000);
  await keeper.store(keeper.shipped("O-1", { A: 2 }));
  const worker = start();
  await waitUntil(async () => {
    const rows = await keeper.rows("select from keeper_fact where seller_id = $1 and state = 'waiting'");
    return rows.length === 1;
  });
  await keeper.sold("O-1", { A: 2 });
  keeper.clock.advance(5_000);
  worker.wake();
  await waitUntil(isDone);
  expect(await keeper.stock("A")).toEqual({ sellable: 8 });
});
