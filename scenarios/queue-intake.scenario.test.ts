import { testDatabase } from "@onepool/server/testing/test-database.ts";
import { waitUntil } from "@onepool/server/testing/wait-until.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { buildQueueBench, knowAccount, orderChange, type QueueBench } from "./harness/queue-bench.ts";
import { bookedAvailable } from "./harness/thread-auditor.ts";

const database = await testDatabase();
const OURS = "A3TH9S8BH6GOGM";
const LATE = "A1LATE0000000";
const WRONG_SECRET = "a-secret-that-is-not-the-right-one-0123456";
let bench: QueueBench;
let orders = 0;
const lines: string[] = [];

beforeAll(async () => {
  bench = await buildQueueBench(database);
  await bench.tell(
    { kind: "put_sku", sku: "KB-M", attributes: {} },
    { kind: "movement", movement: "receipt", sku: "KB-M", location: "main", units: 1_000, externalId: "r" },
  );
  await bench.connect("amz-us", OURS, "orders");
  await bench.connect("amz-late", LATE, "orders");
  await bench.connect("amz-wrong", "A1WRONG000000", "other", WRONG_SECRET);
  await knowAccount(database, bench.sellerId, "amz-us", OURS);
  for (const connection of ["amz-us", "amz-late"])
    await bench.tell({
      kind: "put_listing",
      connection,
      externalId: "SKU-1",
      components: [{ sku: "KB-M", units: 1 }],
    });
  await bench.startProcess((line) => lines.push(line));
  await bench.startProcess();
});
beforeEach(() => {
  bench.misbehave({});
});
afterAll(() => bench.close());

const nextId = () => `111-${String(++orders).padStart(7, "0")}-0000001`;
const sale = (seller: string, units = 1, status = "Unshipped", id = nextId()) =>
  orderChange(seller, { id, sku: "SKU-1", units, status });
const available = async () => (await bookedAvailable(database.pool, bench.sellerId))["KB-M"] ?? NaN;
const isEmpty = () => {
  const { visible, inFlight, delayed } = bench.queue("orders").sizes();
  return visible + inFlight + delayed === 0;
};
const strays = async () => {
  const { rows } = await database.pool.query<{ reason: string; account_id: string | null; body: string }>(
    "select reason, account_id, body from stray_message order by received_at, message_id",
  );
  return rows;
};

describe("a queue", () => {
  test("[I3] gives a message up only after it is stored, and the sale it tells counts without any other call", async () => {
    const before = await available();
    bench.send("orders", sale(OURS, 2));
    await waitUntil(async () => (await available()) === before - 2);
    await waitUntil(isEmpty);
    await waitUntil(async () => {
      const { rows } = await database.pool.query(
        "select from inbox where connection = 'amz-us' and done_arrivals = 1 and error is null",
      );
      return rows.length === 1;
    });
  });

  test("tells of both an order's states, whichever comes first and however they pile up", async () => {
    const before = await available();
    const id = nextId();
    bench.send("orders", sale(OURS, 1, "Unshipped", id));
    bench.send("orders", sale(OURS, 1, "Pending", id));
    await waitUntil(isEmpty);
    await waitUntil(async () => {
      const { rows } = await database.pool.query<{ state: { status: string } }>(
        "select state from sales_order where order_id = $1",
        [id],
      );
      return rows[0]?.state.status === "paid";
    });
    expect(await available()).toBe(before - 1);
  });

  test("keeps malformed messages and those of nobody aside, visible and out of the queue", async () => {
    bench.send("orders", "no JSON at all");
    bench.send("orders", { NotificationType: "ORDER_CHANGE", Payload: {} });
    bench.send("orders", sale("A9SOMEBODYELSE"));
    // Connected, but with another queue: only that one may speak for it.
    await knowAccount(database, bench.sellerId, "amz-wrong", "A1WRONG000000");
    bench.send("orders", sale("A1WRONG000000"));
    await waitUntil(async () => (await strays()).length === 4);
    await waitUntil(isEmpty);
    expect(new Set((await strays()).map(({ account_id: account }) => account))).toEqual(
      new Set(["A1WRONG000000:ATVPDKIKX0DER", "A9SOMEBODYELSE:ATVPDKIKX0DER", null]),
    );
    expect((await strays()).map(({ body }) => body)).toContain("no JSON at all");
  });

  test.each([
    [
      "are doubled and reordered while reading fails",
      { serverError: 0.2, throttled: 0.2, actions: ["ReceiveMessage"] },
    ],
    [
      "cannot be deleted or are although it seems otherwise",
      { deleteIgnored: 0.3, serverError: 0.3, droppedAfterApply: 0.3, actions: ["DeleteMessageBatch"] },
    ],
  ])("[I2] counts every sale once although messages %s", async (_, faults) => {
    const before = await available();
    bench.misbehave({ duplicate: 0.4, reorder: 0.5, ...faults });
    for (let nth = 0; nth < 60; nth++) bench.send("orders", sale(OURS));
    await waitUntil(async () => (await available()) === before - 60);
    bench.misbehave({});
    await waitUntil(() => bench.queue("orders").sizes().visible === 0);
    expect(await available()).toBe(before - 60);
  });

  test("that cannot be read is said to be, with its reason and without its credentials", async () => {
    const failing = async () => {
      const { rows } = await database.pool.query<{ queue_error: string }>(
        "select queue_error from connection_sight where connection = 'amz-wrong' and queue_failing_since is not null",
      );
      return rows[0]?.queue_error;
    };
    await waitUntil(async () => /signature/i.test((await failing()) ?? ""));
    expect(lines.some((line) => line.includes("a queue cannot be read"))).toBe(true);
    const [key] = bench.service.accessKeys;
    for (const secret of [WRONG_SECRET, key?.secretAccessKey ?? "", "client-secret", "Atzr|refresh"]) {
      expect(lines.join("")).not.toContain(secret);
      expect(await failing()).not.toContain(secret);
    }
  });

  test("stops in the middle of a stream of messages and loses none", async () => {
    const before = await available();
    for (let nth = 0; nth < 60; nth++) bench.send("orders", sale(OURS));
    await bench.stopProcesses();
    await bench.startProcess();
    await waitUntil(async () => (await available()) === before - 60);
  });

  test("gives back what was kept aside once its account is known", async () => {
    const before = await available();
    bench.send("orders", sale(LATE, 3));
    await waitUntil(async () =>
      (await strays()).some(({ account_id: account }) => account?.startsWith(LATE)),
    );
    await knowAccount(database, bench.sellerId, "amz-late", LATE);
    // A reader looks at them when it begins, and every minute.
    await bench.startProcess();
    await waitUntil(async () => (await available()) === before - 3);
    expect((await strays()).some(({ account_id: account }) => account?.startsWith(LATE))).toBe(false);
  });
});
