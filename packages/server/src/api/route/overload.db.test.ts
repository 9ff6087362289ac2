import { expect, test } from "vitest";

import { apiServer } from "../../testing/api-server.ts";
import { testDatabase } from "../../testing/test-database.ts";
import { waitUntil } from "../../testing/wait-until.ts";

const database = await testDatabase();
const api = apiServer(database, { waitingSubmissions: 3 });

test("[I10] writes wait up to the limit and beyond it are told when to come again; other sellers do not notice", async () => {
  const { sellerId } = api.seller;
  const blocker = await database.pool.connect();
  try {
    await blocker.query("begin");
    await blocker.query("select from head where seller_id = $1 for update", [sellerId]);
    const first = api.put("/v1/skus/first", {});
    await waitUntil(async () => {
      const { rows } = await database.pool.query(
        "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      return rows.length > 0;
    });
    const waiting = ["a", "b", "c"].map((sku) => api.put(`/v1/skus/${sku}`, {}));
    await waitUntil(() => api.ledger.waiting(sellerId) === 3);
    const refused = await api.put("/v1/skus/d", {});
    expect(refused).toMatchObject({ status: 503, body: { code: "overloaded" } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await api.put("/v1/skus/a", {}, { key: api.other.keys.admin })).status).toBe(200);
    expect((await api.get("/v1/skus")).status).toBe(200);
    await blocker.query("rollback");
    expect((await Promise.all([first, ...waiting])).map(({ status }) => status)).toEqual([
      200, 200, 200, 200,
    ]);
  } finally {
    await blocker.query("rollback");
    blocker.release();
  }
  expect((await api.get("/v1/skus")).body.skus.map(({ sku }: { sku: string }) => sku)).toEqual([
    "a",
    "b",
    "c",
    "first",
  ]);
});

test("a stopping ledger takes no more, and reads go on", async () => {
  await api.ledger.close();
  const refused = await api.post("/v1/orders", {
    orders: [
      { channel: "web", orderId: "1", status: "paid", lines: [{ lineId: "1", sku: "a", quantity: 1 }] },
    ],
  });
  expect(refused).toMatchObject({ status: 503, body: { code: "stopping" } });
  expect(refused.headers.get("retry-after")).toBe("1");
  expect((await api.get("/v1/skus")).status).toBe(200);
});
