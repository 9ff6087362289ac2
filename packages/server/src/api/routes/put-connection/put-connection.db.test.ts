import { expect, test } from "vitest";

import { sealed } from "../../../auth/secret-box.ts";
import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const database = await testDatabase();
const api = apiServer(database);

const CREDENTIALS = { clientId: "1234", clientSecret: "very-secret", refreshToken: "TG-line\nbreak" };

test("a connection is kept with its secrets sealed, and they are never shown again", async () => {
  const sent = {
    kind: "mercadolibre",
    baseUrl: "http://127.0.0.1:9201/",
    tokenUrl: "http://127.0.0.1:9201/oauth/token",
    credentials: CREDENTIALS,
    mode: "live",
    since: "2026-11-23T00:00:00+01:00",
    accountId: "555",
  };
  expect((await api.put("/v1/connections/meli-mx", sent)).body.ok).toBe(true);
  const { body } = await api.get("/v1/connections/meli-mx");
  expect(body).toMatchObject({
    code: "meli-mx",
    kind: "mercadolibre",
    baseUrl: "http://127.0.0.1:9201",
    tokenUrl: "http://127.0.0.1:9201/oauth/token",
    mode: "live",
    since: "2026-11-22T23:00:00.000Z",
    accountId: "555",
    hasCredentials: true,
  });
  expect(body.hookUrl).toMatch(new RegExp(`^${api.base}/hooks/mercadolibre/[\\w-]{32}$`));
  const everywhere = JSON.stringify([
    body,
    (await api.get("/v1/connections")).body,
    (await database.pool.query("select body from entry")).rows,
    (await database.pool.query("select settings from connection")).rows,
  ]);
  expect(everywhere).not.toContain("very-secret");
  const { rows } = await database.pool.query<{ credentials: Buffer }>(
    "select credentials from connection where code = 'meli-mx'",
  );
  expect(JSON.parse(sealed("s".repeat(32)).open(rows[0]?.credentials ?? Buffer.alloc(0)))).toEqual(
    CREDENTIALS,
  );
});

test("the address for notifications is for admins", async () => {
  for (const role of ["read", "operate"] as const) {
    expect((await api.get("/v1/connections/meli-mx", api.seller.keys[role])).body.hookUrl).toBeNull();
    const { body } = await api.get("/v1/connections", api.seller.keys[role]);
    expect(body.connections).toMatchObject([{ code: "meli-mx", hookUrl: null }]);
  }
});

test("the same again changes nothing, neither the entry nor the address for notifications", async () => {
  const sent = { kind: "mercadolibre", credentials: CREDENTIALS, mode: "live" };
  const before = (await api.get("/v1/connections/meli-mx")).body;
  const first = await api.put("/v1/connections/meli-mx", sent);
  expect((await api.put("/v1/connections/meli-mx", sent)).body).toEqual(first.body);
  expect((await api.get("/v1/connections/meli-mx")).body).toEqual(before);
  const other = await api.put("/v1/connections/meli-mx", { credentials: { clientId: "new" } });
  expect(other.body.seq).toBeGreaterThan(first.body.seq);
});

test("merges, and a null removes", async () => {
  await api.put("/v1/connections/meli-co", {
    kind: "mercadolibre",
    title: "Colombia",
    accountId: "77",
    since: "2026-01-01T00:00:00Z",
  });
  await api.put("/v1/connections/meli-co", { mode: "shadow", title: null, since: null });
  expect((await api.get("/v1/connections/meli-co")).body).toMatchObject({
    mode: "shadow",
    title: null,
    since: null,
    accountId: "77",
    hasCredentials: false,
  });
});

test("settings that only its kind of channel has are kept by name, merge, and a null removes one", async () => {
  const put = (options: object) =>
    api.put("/v1/connections/meli-ar", { kind: "mercadolibre", title: "Argentina", options });
  await put({ siteId: "MLA", storeId: "100", salesMoveVersion: true, timeoutMs: 5_000 });
  await put({ storeId: null, timeoutMs: 6_000 });
  expect((await api.get("/v1/connections/meli-ar")).body).toMatchObject({
    title: "Argentina",
    options: { siteId: "MLA", salesMoveVersion: true, timeoutMs: 6_000 },
  });
  expect((await api.get("/v1/connections/meli-ar")).body.options).not.toHaveProperty("storeId");
});

test("an account belongs to one connection of one seller, and can be given up", async () => {
  const connect = (code: string, accountId: string | null, key = api.seller.keys.admin) =>
    api.put(`/v1/connections/${code}`, { kind: "mercadolibre", accountId }, { key });
  expect((await connect("one", "900")).status).toBe(200);
  expect(await connect("two", "900")).toMatchObject({
    status: 409,
    body: { code: "account_taken", field: "accountId" },
  });
  expect(await connect("one", "900", api.other.keys.admin)).toMatchObject({ status: 409 });
  expect((await api.get("/v1/connections/two")).status).toBe(404);
  expect((await connect("one", "901")).status).toBe(200);
  expect((await connect("two", "900")).status).toBe(200);
  expect((await connect("one", null)).status).toBe(200);
  expect((await connect("one", "901", api.other.keys.admin)).status).toBe(200);
  const { rows } = await database.pool.query(
    "select seller_id, account_id, connection from channel_account where account_id like '90_' order by 2",
  );
  expect(rows).toEqual([
    { seller_id: api.seller.sellerId, account_id: "900", connection: "two" },
    { seller_id: api.other.sellerId, account_id: "901", connection: "one" },
  ]);
});

test("a refused connection takes no account", async () => {
  const sent = { kind: "mercadolibre", accountId: "800" };
  await api.put("/v1/connections/own", { kind: "api" });
  await api.put("/v1/connections/meli", { kind: "mercadolibre" });
  expect((await api.put("/v1/connections/meli", { kind: "api", accountId: "800" })).status).toBe(400);
  expect((await api.put("/v1/connections/fresh", sent)).status).toBe(200);
});

test("a channel of the seller's own has no address for notifications", async () => {
  await api.put("/v1/connections/web", { kind: "api", mode: "live" });
  expect((await api.get("/v1/connections/web")).body).toMatchObject({ kind: "api", hookUrl: null });
});

test.each([
  [{ kind: "ebay" }, "kind"],
  [{}, "kind"],
  [{ kind: "mercadolibre", baseUrl: "ftp://x" }, "baseUrl"],
  [{ kind: "mercadolibre", baseUrl: "https://user:pass@x" }, "baseUrl"],
  [{ kind: "mercadolibre", baseUrl: "not a url" }, "baseUrl"],
  [{ kind: "mercadolibre", tokenUrl: "javascript:alert(1)" }, "tokenUrl"],
  [{ kind: "mercadolibre", mode: "on" }, "mode"],
  [{ kind: "mercadolibre", since: "yesterday" }, "since"],
  [{ kind: "mercadolibre", since: "2026-11-23" }, "since"],
  [{ kind: "mercadolibre", since: 1763856000000 }, "since"],
  [{ kind: "mercadolibre", credentials: "secret" }, "credentials"],
  [{ kind: "mercadolibre", credentials: { a: 1 } }, "credentials.a"],
  [{ kind: "mercadolibre", credentials: { a: "\u0000" } }, "credentials.a"],
  [{ kind: "mercadolibre", hookSecret: "mine" }, "hookSecret"],
  [{ kind: "mercadolibre", options: { hookSecret: "mine" } }, "options.hookSecret"],
  [{ kind: "mercadolibre", options: { baseUrl: "ftp://x" } }, "options.baseUrl"],
  [{ kind: "mercadolibre", options: { "site id": "x" } }, "options.site id"],
  [{ kind: "mercadolibre", options: { siteId: {} } }, "options.siteId"],
  [{ kind: "mercadolibre", options: { shipsFrom: "main" } }, "options.shipsFrom"],
  [{ kind: "mercadolibre", shipsFrom: 1 }, "shipsFrom"],
])("%j is refused by name", async (body, field) => {
  expect(await api.put("/v1/connections/new", body)).toMatchObject({ status: 400, body: { field } });
});

test("says where lines ship from that nobody named a place for: a location of the seller's own", async () => {
  await api.put("/v1/locations/east", { kind: "3pl" });
  await api.put("/v1/locations/their-own", { kind: "channel" });
  const put = (shipsFrom: string | null) => api.put("/v1/connections/shop", { kind: "api", shipsFrom });
  expect(await put("nowhere")).toMatchObject({ body: { code: "unknown_location", field: "shipsFrom" } });
  expect(await put("their-own")).toMatchObject({ status: 400, body: { field: "shipsFrom" } });
  expect((await put("east")).status).toBe(200);
  expect((await api.get("/v1/connections/shop")).body.shipsFrom).toBe("east");
  expect((await put(null)).status).toBe(200);
  expect((await api.get("/v1/connections/shop")).body.shipsFrom).toBeNull();
});
