// Amazon is made to send by itself: a seller gives keys and a queue, and everything else is kept standing.
import { testDatabase } from "@onepool/server/testing/test-database.ts";
import { waitUntil } from "@onepool/server/testing/wait-until.ts";
import { afterEach, beforeEach, expect, test } from "vitest";

import { SubscribedMarket } from "./harness/subscribed-market.ts";
import { SubscriptionBench } from "./harness/subscription-bench.ts";
import { bookedAvailable } from "./harness/thread-auditor.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Made with the policy that the documentation asks for. */
const READY = "sp-api-notifications";

const database = await testDatabase();
let market: SubscribedMarket;
let bench: SubscriptionBench;
let sellers = 0;

beforeEach(async () => {
  market = await SubscribedMarket.open();
  bench = await SubscriptionBench.open(database, market, `bench-${++sellers}`);
});
afterEach(async () => {
  await bench.close();
  await market.close();
});

interface Event {
  readonly kind: string;
  readonly body: { readonly message: string; readonly mended?: string | null };
}

async function events(): Promise<Event[]> {
  const { rows } = await database.pool.query<Event>(
    "select kind, body from observation where seller_id = $1 and kind in ('subscribed', 'unsubscribed') order by cursor",
    [bench.sellerId],
  );
  return rows;
}

async function openAlerts(): Promise<{ kind: string; severity: string; message: string }[]> {
  const { rows } = await database.pool.query<{ kind: string; severity: string; message: string }>(
    `select kind, severity, body ->> 'message' as message from alert
     where seller_id = $1 and subject = 'amazon-us' and kind = 'not_subscribed' and resolved_at is null`,
    [bench.sellerId],
  );
  return rows;
}

const told = (count: number) => waitUntil(async () => (await events()).length >= count);

/** Orders whose notification came, and those that the ledger holds. */
async function isSeen(orderId: string): Promise<boolean> {
  const { rows } = await database.pool.query(
    "select from inbox where seller_id = $1 and resource like $2 and noticed_at is not null",
    [bench.sellerId, `%${orderId}%`],
  );
  return rows.length > 0;
}

test("keys and a queue are enough: a sale comes through the queue", async () => {
  bench.startProcess();
  await bench.connect(READY);
  await told(1);
  expect(await events()).toMatchObject([
    {
      kind: "subscribed",
      body: {
        mended: "there was none",
        message: `Amazon sends ORDER_CHANGE into ${market.arnOf(READY)}; before, there was none.`,
      },
    },
  ]);
  expect(await market.subscriptions()).toMatchObject([{ queue: market.arnOf(READY) }]);
  // A poll would find it after Amazon's two minutes.
  const orderId = await market.buy();
  await waitUntil(() => isSeen(orderId));
  await waitUntil(async () => (await bookedAvailable(database.pool, bench.sellerId))["KB-M"] === 39);
  expect(await openAlerts()).toEqual([]);
});

test("a queue that keeps Amazon out is told with what its policy needs, and is well once it has that", async () => {
  bench.startProcess();
  await market.makeQueue("bare");
  await bench.connect("bare");
  await waitUntil(async () => (await openAlerts()).length > 0);
  const [alert] = await openAlerts();
  expect(alert?.severity).toBe("warning");
  for (const word of ["437568002678", "sqs:SendMessage", "sqs:GetQueueAttributes", market.arnOf("bare")])
    expect(alert?.message).toContain(word);
  expect((await events()).map(({ kind }) => kind)).toEqual(["unsubscribed"]);
  const lost = await market.buy();
  await market.setPolicy("bare");
  // Whoever has mended it may enter the credentials again; else it is found within the hour.
  await bench.connect("bare");
  await waitUntil(async () => (await openAlerts()).length === 0);
  expect((await events()).map(({ kind }) => kind)).toEqual(["unsubscribed", "subscribed"]);
  const orderId = await market.buy();
  await waitUntil(() => isSeen(orderId));
  expect(await isSeen(lost)).toBe(false);
});

test("is looked after once a day, and mended when it was removed behind our back", async () => {
  const keeper = bench.startKeeper();
  await bench.connect(READY);
  keeper.wake();
  await told(1);
  const [first] = await market.subscriptions();
  await market.removeSubscription(first?.subscriptionId ?? "");
  bench.pass(DAY_MS);
  keeper.wake();
  await told(2);
  expect((await events())[1]?.body.mended).toBe("there was none");
  const [second, ...more] = await market.subscriptions();
  expect([second?.subscriptionId === first?.subscriptionId, more.length]).toEqual([false, 0]);
  bench.pass(DAY_MS);
  keeper.wake();
  await told(3);
  expect((await events())[2]?.body.mended).toBeNull();
  expect(await market.subscriptions()).toEqual([second]);
});

test("is kept by two processes at once without harm, and by one where one is enough", async () => {
  await bench.connect(READY);
  bench.startKeeper();
  bench.startKeeper();
  await told(1);
  await bench.stop();
  const [standing, ...more] = await market.subscriptions();
  expect([standing?.queue, more.length]).toEqual([market.arnOf(READY), 0]);
  const known = (await events()).length;
  // Closing waits for the look that each begins with.
  bench.startKeeper();
  await bench.stop();
  expect(await events()).toHaveLength(known);
  await market.removeSubscription(standing?.subscriptionId ?? "");
  bench.pass(DAY_MS);
  bench.startKeeper();
  bench.startKeeper();
  await told(known + 1);
  await bench.stop();
  expect(await market.subscriptions()).toMatchObject([{ queue: market.arnOf(READY) }]);
});

test("is looked after at once when its notifications fall silent, and when the connection changes", async () => {
  const keeper = bench.startKeeper();
  await bench.connect(READY);
  keeper.wake();
  await told(1);
  const [first] = await market.subscriptions();
  await market.removeSubscription(first?.subscriptionId ?? "");
  await database.pool.query(
    `insert into connection_sight (seller_id, connection, blind_since, blind_reason)
     values ($1, 'amazon-us', now(), 'notifications_silent')`,
    [bench.sellerId],
  );
  keeper.wake();
  await told(2);
  expect((await events())[1]?.body.mended).toBe("there was none");
  await market.makeQueue("second");
  await market.setPolicy("second");
  await bench.connect("second");
  keeper.wake();
  await told(3);
  expect((await events())[2]?.body.mended).toBe(`it led to ${market.arnOf(READY)}`);
  expect(await market.subscriptions()).toMatchObject([{ queue: market.arnOf("second") }]);
});

test("what may pass is tried again and told when it lasts, and forgotten without a queue", async () => {
  await market.misbehave({ api: [{ kind: "serverError", endpoint: "getSubscription", status: 503 }] });
  const keeper = bench.startKeeper();
  await bench.connect(READY);
  const failures = () => bench.lines.filter((line) => line.includes("a subscription cannot be kept")).length;
  for (const failed of [1, 2, 3]) {
    expect(await openAlerts()).toEqual([]);
    keeper.wake();
    await waitUntil(() => failures() === failed);
    bench.pass(HOUR_MS);
  }
  await told(1);
  expect(await openAlerts()).toMatchObject([{ message: expect.stringContaining("503") }]);
  // The same again is not said again.
  keeper.wake();
  await waitUntil(() => failures() === 4);
  await bench.connect(null);
  keeper.wake();
  await waitUntil(async () => (await openAlerts()).length === 0);
  expect((await events()).map(({ kind }) => kind)).toEqual(["unsubscribed"]);
});
