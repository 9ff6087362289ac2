import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";

import { apiServer, type ApiAnswer } from "../testing/api-server.ts";
import { hostileRequests, type HostileRequest } from "../testing/hostile-requests.ts";
import { testDatabase } from "../testing/test-database.ts";

const database = await testDatabase();
const api = apiServer(database);

/** Fixed, so that what fails once fails again. */
const SEED = 20_261_123;
const REQUESTS = 2_000;

beforeAll(async () => {
  await api.put("/v1/skus/KB-M", { title: "Knee brace M" });
  await api.put("/v1/connections/meli-mx", { kind: "mercadolibre" });
  await api.put("/v1/listings/meli-mx/MLM1", { components: [{ sku: "KB-M", units: 1 }] });
  const receipt = { kind: "receipt", sku: "KB-M", location: "main", units: 40, externalId: "start" };
  await api.post("/v1/movements", { movements: [receipt] });
  const line = { lineId: "1", sku: "KB-M", quantity: 1 };
  await api.post("/v1/orders", {
    orders: [{ channel: "web", orderId: "A-1", status: "paid", lines: [line] }],
  });
  await api.post("/v1/reservations", {
    reservationId: "cart-9",
    lines: [{ sku: "KB-M", units: 1 }],
    ttlSeconds: 600,
  });
});

/** Never a failure of ours; a refusal names what to mend. What the route documents, `api.call` checks. */
function expectHandled(request: HostileRequest, answer: ApiAnswer): void {
  const told = `${request.method} ${request.path} ${String(request.body).slice(0, 500)} -> ${JSON.stringify(answer.body).slice(0, 500)}`;
  expect(answer.status, told).toBeLessThan(500);
  if (answer.status >= 400) expect(answer.body.field, told).not.toBe("");
  for (const result of answer.body.results ?? []) {
    if (result.ok !== false) continue;
    expect(result.code, told).not.toBe("internal_error");
    expect(result.field, told).not.toBe("");
  }
}

test("no request makes the server fail, and every refusal names a field", async () => {
  await fc.assert(
    fc.asyncProperty(hostileRequests(), async (request) => {
      expectHandled(request, await api.call(request.path, request));
    }),
    { seed: SEED, numRuns: REQUESTS },
  );
}, 300_000);

test("after all that the numbers still add up and nobody else saw anything", async () => {
  const { body } = await api.get("/v1/skus?limit=200");
  expect(body.skus.length).toBeGreaterThan(0);
  for (const { sku, onHand, available, reserved, committed, qualityControl, damaged } of body.skus) {
    expect(onHand, sku).toBe(available + reserved + committed + qualityControl + damaged);
  }
  const { rows } = await database.pool.query(
    `select account_id, sum(units) as units, max(after) filter (where not exists (
       select from movement n where n.seller_id = m.seller_id and n.account_id = m.account_id
         and (n.prev_seq, n.prev_leg) = (m.seq, m.leg))) as last
     from movement m group by 1 having sum(units) is distinct from max(after) filter (where not exists (
       select from movement n where n.seller_id = m.seller_id and n.account_id = m.account_id
         and (n.prev_seq, n.prev_leg) = (m.seq, m.leg)))`,
  );
  expect(rows).toEqual([]);
  expect((await api.get("/v1/skus", api.other.keys.admin)).body.skus).toEqual([]);
});
