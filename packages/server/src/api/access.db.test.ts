import { beforeAll, describe, expect, test } from "vitest";

import type { AccessCase } from "../testing/access-case.ts";
import { callerKeyCases } from "../testing/access-cases.ts";
import { apiServer } from "../testing/api-server.ts";
import { testDatabase } from "../testing/test-database.ts";
import { ROUTES } from "./routes.ts";

const api = apiServer(await testDatabase());

const CASES = callerKeyCases();

/** Everything of the first seller's, to see whether somebody else changed it. */
async function everything(key: string): Promise<unknown> {
  const paths = Object.values(CASES).flatMap(({ sees }) => sees ?? []);
  const answers = [];
  for (const path of paths) answers.push([path, (await api.get(path, key)).body]);
  return JSON.parse(JSON.stringify(answers, (name, value: unknown) => (name === "asOf" ? undefined : value)));
}

beforeAll(async () => {
  await api.put("/v1/skus/KB-M", { title: "Known to the first" });
  await api.put("/v1/locations/3pl", { kind: "3pl", title: "Monterrey" });
  await api.put("/v1/connections/meli", { kind: "mercadolibre", credentials: { clientId: "1" } });
  await api.put("/v1/listings/meli/MLM1", { components: [{ sku: "KB-M", units: 1 }] });
  const receipt = { kind: "receipt", sku: "KB-M", location: "main", units: 5, externalId: "r-1" };
  await api.post("/v1/movements", { movements: [receipt] });
  await api.put("/v1/inbounds/PO-1", { location: "main", lines: [{ sku: "KB-M", units: 40 }] });
  const line = { lineId: "1", sku: "KB-M", quantity: 6 };
  await api.post("/v1/orders", {
    orders: [{ channel: "web", orderId: "A-1", status: "paid", lines: [line] }],
  });
  await api.post("/v1/movements", { movements: [{ ...receipt, units: 10, externalId: "r-2" }] });
  const hold = { reservationId: "cart-1", lines: [{ sku: "KB-M", units: 1 }], ttlSeconds: 600 };
  await api.post("/v1/reservations", hold);
});

test("every address of the application has a case here", () => {
  const addresses = [...api.app().knownAddresses].flatMap(([url, { methods }]) =>
    [...methods].filter((method) => method !== "HEAD").map((method) => `${method} ${url}`),
  );
  expect(Object.keys(CASES).toSorted()).toEqual(addresses.toSorted());
  expect(addresses.length).toBeGreaterThanOrEqual(ROUTES.length);
});

describe.each(Object.entries(CASES))("%s", (address, { path, body, needs, foreign }: AccessCase) => {
  const [method = ""] = address.split(" ");
  const call = (key: string | null) => api.call(path, { method, body, key });

  test("refuses strangers, revoked and malformed keys", async () => {
    for (const key of [null, "", "opk_nonsense", "' or 1=1 --"]) {
      expect(await call(key)).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    }
  });

  test(`needs the role ${needs}`, async () => {
    const weaker = { read: [], operate: ["read"], admin: ["read", "operate"] } as const;
    for (const role of weaker[needs]) {
      expect(await call(api.seller.keys[role])).toMatchObject({
        status: 403,
        body: { code: "forbidden_role" },
      });
    }
    expect((await call(api.other.keys[needs])).status).not.toBe(403);
  });

  test("[I10] shows and changes nothing of another seller's", async () => {
    const before = await everything(api.seller.keys.admin);
    const answer = await call(api.other.keys.admin);
    expect(answer).toMatchObject(foreign);
    expect(JSON.stringify(answer.body)).not.toContain("Known to the first");
    expect(await everything(api.seller.keys.admin)).toEqual(before);
  });
});
