import { beforeAll, expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const database = await testDatabase();
const api = apiServer(database);

beforeAll(async () => {
  const { sellerId } = api.seller;
  await database.pool.query(
    `insert into inbox (seller_id, connection, topic, resource, body, first_received_at, last_received_at, next_attempt_at,
       attempts, arrivals, done_arrivals, error, poisoned_at)
     select $1, 'meli', 'orders_v2', '/orders/' || n, '""', date_trunc('milliseconds', now()) - n * interval '1 minute', now(), now(), n, 2,
       case when n > 5 then 2 else 0 end, 'because', case when n < 4 then now() end
     from generate_series(1, 6) n`,
    [sellerId],
  );
  await database.pool.query(
    `insert into stray_message values ('http://q', 'm-1', $1, 'amazon', null, 'malformed', '""', null, now()),
       ('http://q', 'm-2', null, 'amazon', null, 'malformed', '""', null, now())`,
    [sellerId],
  );
});

const list = async (query = "") => (await api.get(`/v1/inbox${query}`)).body.notifications;

test("what was put aside is told with its reason, attempts and age, the oldest first", async () => {
  const found = await list();
  expect(found.map(({ resource }: { resource: string }) => resource)).toEqual([
    "/orders/3",
    "/orders/2",
    "/orders/1",
  ]);
  expect(found[0]).toMatchObject({
    state: "poisoned",
    connection: "meli",
    topic: "orders_v2",
    reason: "because",
    attempts: 3,
    arrivals: 2,
    nextAttemptAt: null,
  });
  expect(found[0].ageMs).toBeGreaterThanOrEqual(180_000);
  expect(Date.parse(found[0].putAsideAt)).toBeGreaterThan(Date.parse(found[0].receivedAt));
});

test("what waits, and what is done is not among it", async () => {
  const found = await list("?state=waiting");
  expect(found.map(({ resource }: { resource: string }) => resource)).toEqual(["/orders/5", "/orders/4"]);
  expect(Date.parse(found[0].nextAttemptAt)).not.toBeNaN();
});

test("[I10] stray messages of a queue that others read too are not shown", async () => {
  expect(await list("?state=stray")).toMatchObject([
    { connection: null, resource: "m-1", reason: "malformed" },
  ]);
  expect((await api.get("/v1/inbox?state=stray", api.other.keys.read)).body.notifications).toEqual([]);
});

test("is paged", async () => {
  const first = (await api.get("/v1/inbox?limit=2")).body;
  const second = (await api.get(`/v1/inbox?limit=2&cursor=${first.nextCursor}`)).body;
  expect([...first.notifications, ...second.notifications]).toHaveLength(3);
  expect(second.nextCursor).toBeNull();
});
