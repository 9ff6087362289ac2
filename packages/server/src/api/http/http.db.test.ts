import { connect } from "node:net";
import { text } from "node:stream/consumers";

import { expect, test } from "vitest";

import { apiServer } from "../../testing/api-server.ts";
import { testDatabase } from "../../testing/test-database.ts";

const api = apiServer(await testDatabase());

test.each(["/v1", "/v1/", "/v1/nothing", "/v1/skus/A/B", "/v1/decisions", "/V1/skus", "/favicon.ico", "//"])(
  "there is nothing at %s",
  async (path) => {
    const answer = await api.raw(path, "GET");
    expect(answer).toMatchObject({ status: 404, body: { code: "not_found", field: "path" } });
    expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
  },
);

test.each([
  ["DELETE", "/v1/skus/A", "GET, HEAD, PUT"],
  ["PATCH", "/v1/orders", "GET, HEAD, POST"],
  ["GET", "/v1/orders/web/A-1/remap", "POST"],
  ["OPTIONS", "/v1/reservations", "POST"],
  ["POST", "/v1/skus/A/availability?at=1", "GET, HEAD"],
])("%s %s is answered with the methods it takes", async (method, path, allow) => {
  const answer = await api.raw(path, method);
  expect(answer).toMatchObject({ status: 405, body: { code: "method_not_allowed", field: "method" } });
  expect(answer.headers.get("allow")).toBe(allow);
});

test("an unknown path tells a stranger no more than that", async () => {
  expect((await api.raw("/v1/nothing", "GET", { key: null })).status).toBe(404);
  expect((await api.raw("/v1/skus", "GET", { key: null })).status).toBe(401);
});

test.each([
  ["text/plain", {}, "Content-Type"],
  ["application/x-www-form-urlencoded", {}, "Content-Type"],
  ["application/jsonx", {}, "Content-Type"],
  ["application/json; charset=latin1", {}, "Content-Type"],
  ['application/json; charset="utf-16"', {}, "Content-Type"],
  ["application/json", { "content-encoding": "gzip" }, "Content-Encoding"],
])("a body as %s with %j is refused as another type", async (type, extra, field) => {
  const headers = { "content-type": type, ...extra };
  expect(await api.put("/v1/skus/A", "{}", { headers })).toMatchObject({
    status: 415,
    body: { code: "unsupported_media_type", field },
  });
});

test.each(["application/json", "application/json;charset=UTF-8", 'Application/JSON; charset="utf8"'])(
  "a body as %s is read",
  async (type) => {
    expect((await api.put("/v1/skus/A", "{}", { headers: { "content-type": type } })).status).toBe(200);
  },
);

test("a body that is too large is refused, before it has been sent or while it is", async () => {
  const body = `{"title":"${"x".repeat(12 * 1024 * 1024)}"}`;
  expect(await api.put("/v1/skus/A", body)).toMatchObject({
    status: 413,
    body: { code: "body_too_large", field: "body" },
  });
});

test("a body of a thousand orders is read", async () => {
  const lines = Array.from({ length: 40 }, (_, index) => ({
    lineId: String(index),
    sku: "x".repeat(90),
    quantity: 1,
  }));
  const orders = Array.from({ length: 1_000 }, (_, index) => ({
    channel: "web",
    orderId: `O-${index}`,
    status: "odd",
    lines,
  }));
  const answer = await api.post("/v1/orders", { orders });
  expect(answer.body.results).toHaveLength(1_000);
  expect(answer.body.results[999]).toMatchObject({ code: "invalid_field", field: "status" });
});

test.each([
  ['{"title":', "invalid_json", "body"],
  ["", "missing_body", "body"],
  ["{}{}", "invalid_json", "body"],
  ["null", "invalid_field", "body"],
  ["[]", "invalid_field", "body"],
  ['"title"', "invalid_field", "body"],
  ['{"title":"a","title":"b"}', "duplicate_field", "title"],
  ['{"unitCost":{"amount":"1","currency":"USD","amount":"2"}}', "duplicate_field", "unitCost.amount"],
  ['{"__proto__":{"title":"x"}}', "unknown_field", "__proto__"],
  ['{"constructor":{}}', "unknown_field", "constructor"],
  ['{"title":"\\ud800"}', "invalid_field", "title"],
  ['{"title":"\\u0000"}', "invalid_field", "title"],
  ['{"\\ud800":1}', "unknown_field", "\ufffd"],
  ['{"leadTimeDays":1e400}', "invalid_field", "leadTimeDays"],
  ['{"leadTimeDays":9007199254740993}', "invalid_field", "leadTimeDays"],
  ['{"leadTimeDays":"14"}', "invalid_field", "leadTimeDays"],
  ['{"leadTimeDays":1.5}', "invalid_field", "leadTimeDays"],
])("the body %s is refused by name", async (body, code, field) => {
  expect(await api.put("/v1/skus/B", body)).toMatchObject({ status: 400, body: { code, field } });
  expect((await api.get("/v1/skus/B")).status).toBe(404);
});

test("what nests too deeply is refused where it stands", async () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  expect((await api.put("/v1/skus/B", `{"title":${deep}}`)).body).toMatchObject({
    code: "invalid_field",
    field: "title",
  });
  const items = `[{"kind":"receipt","sku":"B","location":"main","units":${deep},"externalId":"1"},{"kind":"receipt"}]`;
  const { body } = await api.post("/v1/movements", `{"movements":${items}}`);
  expect(body.results).toMatchObject([{ field: "units" }, { code: "missing_field", field: "sku" }]);
  expect((await api.put("/v1/skus/B", deep)).body).toMatchObject({ code: "invalid_field", field: "body" });
});

test("integers may be written as JSON allows, and -0 is 0", async () => {
  await api.put("/v1/skus/C", '{"leadTimeDays":1.0}');
  expect((await api.get("/v1/skus/C")).body.leadTimeDays).toBe(1);
  await api.put("/v1/skus/C", '{"leadTimeDays":-0}');
  expect((await api.get("/v1/skus/C")).body.leadTimeDays).toBe(0);
});

test("bytes that are not UTF-8 are refused in body, path and query", async () => {
  const body = Buffer.concat([Buffer.from('{"title":"'), Buffer.of(0xff, 0xfe), Buffer.from('"}')]);
  expect((await api.put("/v1/skus/D", body)).body).toMatchObject({ code: "invalid_utf8", field: "body" });
  expect((await api.raw("/v1/skus/%ff", "GET")).body).toMatchObject({ code: "invalid_utf8", field: "path" });
  expect((await api.raw("/v1/skus/%ZZ", "GET")).body).toMatchObject({ code: "invalid_utf8", field: "path" });
  expect((await api.raw("/v1/skus?q=%ff", "GET")).body).toMatchObject({
    code: "invalid_utf8",
    field: "query",
  });
});

test.each([
  "a/b",
  "100%",
  "?x=1&y#z",
  "é/ñ",
  "日本語",
  " ",
  "a b+c",
  "'; drop table sku; --",
  "__proto__",
  "\u2028",
])("the code %s is taken as it is", async (sku) => {
  const path = `/v1/skus/${encodeURIComponent(sku)}`;
  expect((await api.put(path, { title: sku })).status).toBe(200);
  expect((await api.get(path)).body).toMatchObject({ sku, title: sku });
});

test.each(["%00", "a%0Ab", "%7F", "%C2%85", "%ED%9F%BF%0D"])("the code %s is refused", async (path) => {
  const answer = await api.put(`/v1/skus/${path}`, {});
  expect(answer).toMatchObject({ status: 400, body: { code: "invalid_field", field: "sku" } });
});

test("a code has 200 characters at most, however many bytes they take", async () => {
  const path = (characters: number) => `/v1/skus/${encodeURIComponent("👍".repeat(characters))}`;
  expect((await api.put(path(200), {})).status).toBe(200);
  expect((await api.get(path(200))).status).toBe(200);
  expect(await api.put(path(201), {})).toMatchObject({
    status: 400,
    body: { code: "invalid_field", field: "sku" },
  });
});

test("an address beyond any code is refused", async () => {
  expect(await api.raw(`/v1/skus/${"x".repeat(3_000)}`, "GET")).toMatchObject({ status: 414 });
});

test.each([
  ["/v1/skus?limit=0", "limit"],
  ["/v1/skus?limit=201", "limit"],
  ["/v1/skus?limit=ten", "limit"],
  ["/v1/skus?limit=1&limit=2", "limit"],
  ["/v1/skus?cursor=nonsense", "cursor"],
  ["/v1/skus?cursor=WzFd", "cursor"],
  ["/v1/skus?oversold=yes", "oversold"],
  ["/v1/skus?at=1", "at"],
  ["/v1/skus?__proto__=1", "__proto__"],
  ["/v1/orders?status=odd", "status"],
  ["/v1/skus/A/availability?at=-1", "at"],
  ["/v1/skus/A/availability?at=2026-02-30T00:00:00Z", "at"],
  ["/v1/movements?location=main", "location"],
  ["/v1/movements?channel=web", "orderId"],
])("%s is refused by name", async (path, field) => {
  expect(await api.get(path)).toMatchObject({ status: 400, body: { field } });
});

test("what is no HTTP is answered as a problem and the connection closed", async () => {
  const { port } = new URL(api.base);
  const socket = connect(Number(port), "127.0.0.1");
  socket.end("GET / HTP/9\r\n\r\n");
  const said = await text(socket);
  expect(said).toMatch(/^HTTP\/1\.1 400 /);
  expect(JSON.parse(said.slice(said.indexOf("\r\n\r\n")))).toMatchObject({ code: "bad_request" });
});

test("headers that are too large are refused as such", async () => {
  const headers = { "x-filler": "x".repeat(20_000) };
  expect(await api.raw("/v1/skus", "GET", { headers })).toMatchObject({
    status: 431,
    body: { code: "headers_too_large" },
  });
});

test("requests are counted by route and status, never by code", async () => {
  await api.get("/v1/skus/secret-code");
  const page = await api.metrics.metrics();
  expect(page).toContain('route="/v1/skus/:sku",status="404"');
  expect(page).not.toContain("secret-code");
});
