import { fastify, type FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { createLog } from "../log/log.ts";
import { testDatabase } from "../testing/test-database.ts";
import { addKey, listKeys, revokeKey, seedKey, validKeysLabelled } from "./api-key-store.ts";
import { authentication } from "./authenticate.ts";
import { forgetEndedSessions, makeLink, SESSION_LIFE_MS } from "./browser-session-store.ts";
import { RECHECK_MS } from "./caller-cache.ts";
import { callerOf } from "./caller.ts";
import { hashOf } from "./token.ts";

const database = await testDatabase();
const start = Date.UTC(2026, 10, 23);
const clock = { at: start, now: () => clock.at };
const log = createLog({ level: "silent" });
let app: FastifyInstance;
let base: string;
let sellers: number[];

beforeAll(async () => {
  const { rows } = await database.pool.query<{ seller_id: number }>(
    "insert into seller (code, name) values ('default', 'Default'), ('other', 'Other') returning seller_id",
  );
  sellers = rows.map((row) => row.seller_id);
  app = fastify();
  const publicUrl = new URL("https://onepool.example.com");
  await app.register(
    authentication({
      pool: database.pool,
      clock,
      log,
      host: "127.0.0.1",
      publicUrl,
      secretKey: "s".repeat(32),
    }),
  );
  app.get("/health", { config: { access: "open" } }, () => "ok");
  app.post("/hooks/x", { config: { access: "open" } }, (request) => ({ caller: request.caller }));
  app.all("/v1/any", (request) => ({ ...callerOf(request) }));
  app.put("/v1/admin", { config: { access: "admin" } }, () => "done");
  base = await app.listen({ port: 0 });
});
afterAll(() => app.close());
beforeEach(() => {
  clock.at = start;
});

function seller(index: number): number {
  return sellers[index] ?? -1;
}

function ask(
  path: string,
  options: { key?: string; method?: string; headers?: Record<string, string> } = {},
) {
  const headers = { ...options.headers };
  if (options.key !== undefined) headers.authorization = `Bearer ${options.key}`;
  return fetch(base + path, { method: options.method ?? "GET", headers });
}

/** Fetch sets Host itself, so this one goes through Fastify's own door. */
function askWithHost(host: string, path: string) {
  return app.inject({ url: path, headers: { host } });
}

describe("a key", () => {
  test("names its seller, and only its hash is stored", async () => {
    for (const sellerId of sellers) {
      const { key, keyId } = await addKey(database.pool, { sellerId, role: "operate", label: "" });
      expect(key).toMatch(/^opk_[\w-]{43}$/);
      expect(await (await ask("/v1/any", { key })).json()).toEqual({ sellerId, role: "operate", keyId });
      const { rows } = await database.pool.query("select * from api_key where key_id = $1", [keyId]);
      expect(rows[0].key_hash).toEqual(hashOf(key));
      expect(JSON.stringify(rows[0])).not.toContain(key.slice(4));
    }
  });

  test.each([
    ["read", { get: 200, post: 403, admin: 403 }],
    ["operate", { get: 200, post: 200, admin: 403 }],
    ["admin", { get: 200, post: 200, admin: 200 }],
  ] as const)("of role %s may do %o", async (role, may) => {
    const { key } = await addKey(database.pool, { sellerId: seller(0), role, label: "" });
    expect((await ask("/v1/any", { key })).status).toBe(may.get);
    expect((await ask("/v1/any", { key, method: "POST" })).status).toBe(may.post);
    const admin = await ask("/v1/admin", { key, method: "PUT" });
    expect(admin.status).toBe(may.admin);
    if (may.admin === 403) expect(await admin.json()).toMatchObject({ code: "forbidden_role" });
  });

  test.each([
    ["none", {}],
    ["an unknown one", { authorization: "Bearer opk_unknown" }],
    ["another scheme", { authorization: "Basic dXNlcjpwYXNz" }],
    ["no text", { authorization: "Bearer" }],
    ["two", { authorization: "Bearer a b" }],
  ])("missing or wrong (%s) is 401 with WWW-Authenticate", async (_, headers: Record<string, string>) => {
    const answer = await ask("/v1/any", { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer realm="onepool"/);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(await answer.json()).toMatchObject({ code: "unauthorized", status: 401 });
  });

  test("that is revoked is refused within RECHECK_MS, also by what lasts", async () => {
    const { key, keyId } = await addKey(database.pool, { sellerId: seller(0), role: "read", label: "" });
    expect((await ask("/v1/any", { key })).status).toBe(200);
    expect(await revokeKey(database.pool, keyId)).toBe("revoked");
    clock.at += RECHECK_MS;
    expect((await ask("/v1/any", { key })).status).toBe(401);
    expect(await revokeKey(database.pool, keyId)).toBe("already_revoked");
    expect(await revokeKey(database.pool, "key_nope")).toBe("unknown");
  });

  test("is listed without its text", async () => {
    const { key, keyId } = await addKey(database.pool, {
      sellerId: seller(1),
      role: "admin",
      label: "robot",
    });
    const listed = await listKeys(database.pool);
    expect(listed.find((row) => row.keyId === keyId)).toEqual({
      keyId,
      seller: "other",
      role: "admin",
      label: "robot",
      createdAt: expect.any(Date),
      revokedAt: null,
    });
    expect(JSON.stringify(listed)).not.toContain(key.slice(4));
  });

  test("given from outside is made once by any number of starters and never revived", async () => {
    const given = { sellerId: seller(0), role: "admin", label: "ONEPOOL_API_KEY" } as const;
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => seedKey(database.pool, "given-from-outside", given)),
    );
    expect(answers).toEqual([1, 2, 3, 4].map(() => ({ state: "valid" })));
    expect(await (await ask("/v1/any", { key: "given-from-outside" })).json()).toMatchObject({
      role: "admin",
    });
    const [valid, ...others] = await validKeysLabelled(database.pool, "ONEPOOL_API_KEY");
    expect(others).toEqual([]);
    await revokeKey(database.pool, valid?.keyId ?? "");
    expect(await seedKey(database.pool, "given-from-outside", given)).toEqual({
      state: "revoked",
      keyId: valid?.keyId,
    });
  });
});

describe("open routes and unknown paths", () => {
  test("health and hooks need no key and get no caller", async () => {
    expect((await ask("/health")).status).toBe(200);
    expect(await (await ask("/hooks/x", { method: "POST" })).json()).toEqual({ caller: null });
  });

  test("an unknown path is 404 with and without key", async () => {
    const { key } = await addKey(database.pool, { sellerId: seller(0), role: "read", label: "" });
    expect((await ask("/v1/nope")).status).toBe(404);
    expect((await ask("/v1/nope", { key })).status).toBe(404);
  });
});

describe("another machine's name in the Host header", () => {
  test("is refused, our own names are not", async () => {
    const refused = await askWithHost("evil.example", "/v1/any");
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ code: "host_not_allowed", field: "Host" });
    expect((await askWithHost("evil.example", "/?link=x")).statusCode).toBe(403);
    expect((await askWithHost("onepool.example.com", "/v1/any")).statusCode).toBe(401);
    expect((await askWithHost("localhost:4040", "/v1/any")).statusCode).toBe(401);
  });

  test("does not matter to probes", async () => {
    expect((await askWithHost("probe.internal", "/health")).statusCode).toBe(200);
  });
});

describe("a browser", () => {
  async function signIn(): Promise<string> {
    const link = await makeLink(database.pool, { sellerId: seller(1), role: "admin", now: clock.now() });
    const answer = await ask(`/?link=${link}`);
    expect(answer.status).toBe(200);
    const [cookie = ""] = answer.headers.getSetCookie();
    expect(cookie).toMatch(
      /^onepool_[0-9a-f]{8}=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    return cookie.split(";", 1)[0] ?? "";
  }

  test("signs in by a link, once", async () => {
    const link = await makeLink(database.pool, { sellerId: seller(1), role: "admin", now: clock.now() });
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(`/?link=${link}`)));
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401]);
    expect(answers.flatMap((answer) => answer.headers.getSetCookie())).toHaveLength(1);
  });

  test("gets a cookie that goes over https only when we are reached by https", async () => {
    const link = await makeLink(database.pool, { sellerId: seller(1), role: "admin", now: clock.now() });
    const answer = await askWithHost("onepool.example.com", `/?link=${link}`);
    expect(answer.headers["set-cookie"]).toContain("; Secure");
  });

  test("opening its used link again stays signed in", async () => {
    const link = await makeLink(database.pool, { sellerId: seller(1), role: "admin", now: clock.now() });
    const cookie = (await ask(`/?link=${link}`)).headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
    expect((await ask(`/?link=${link}`, { headers: { cookie } })).status).toBe(200);
  });

  test("too late, or with a link of its own making, is told how to get another", async () => {
    const link = await makeLink(database.pool, { sellerId: seller(1), role: "admin", now: clock.now() });
    clock.at += 24 * 3_600_000;
    for (const path of [`/?link=${link}`, "/?link=made-up", "/?link=%00"]) {
      const answer = await ask(path);
      expect(answer.status).toBe(401);
      expect(await answer.text()).toContain("npm run onepool -- link");
    }
  });

  test("acts for its seller until the session ends", async () => {
    const cookie = await signIn();
    expect(await (await ask("/v1/any", { headers: { cookie } })).json()).toMatchObject({
      sellerId: seller(1),
      role: "admin",
    });
    clock.at += SESSION_LIFE_MS;
    expect((await ask("/v1/any", { headers: { cookie } })).status).toBe(401);
    await forgetEndedSessions(database.pool, clock.now());
    expect(
      (
        await database.pool.query("select from browser_session where expires_at <= $1", [
          new Date(clock.now()),
        ])
      ).rowCount,
    ).toBe(0);
  });

  test("writes from our own pages only", async () => {
    const cookie = await signIn();
    const post = (headers: Record<string, string>) =>
      ask("/v1/any", { method: "POST", headers: { cookie, ...headers } });
    const other = new URL(base);
    other.port = "1";
    for (const headers of [
      {},
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      { origin: "https://evil.example" },
      { origin: other.origin },
      { origin: "null" },
      { "sec-fetch-site": "cross-site", origin: base },
    ] as Record<string, string>[]) {
      const answer = await post(headers);
      expect([answer.status, await answer.json()], JSON.stringify(headers)).toMatchObject([
        403,
        { code: "cross_site_request" },
      ]);
    }
    expect((await post({ "sec-fetch-site": "same-origin" })).status).toBe(200);
    expect((await post({ origin: base })).status).toBe(200);
    expect((await post({ origin: "https://onepool.example.com" })).status).toBe(200);
  });

  test("signs out at once, from our own pages only", async () => {
    const cookie = await signIn();
    const signOut = (headers: Record<string, string>) =>
      ask("/v1/session", { method: "DELETE", headers: { cookie, ...headers } });
    expect((await signOut({ origin: "https://evil.example" })).status).toBe(403);
    expect((await ask("/v1/any", { headers: { cookie } })).status).toBe(200);
    const answer = await signOut({ origin: base });
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^onepool_[0-9a-f]{8}=; .*Expires=Thu, 01 Jan 1970/);
    expect((await ask("/v1/any", { headers: { cookie } })).status).toBe(401);
  });

  test("a wrong key is not helped by a good session", async () => {
    const cookie = await signIn();
    expect((await ask("/v1/any", { key: "opk_wrong", headers: { cookie } })).status).toBe(401);
  });

  test("without a session sees how to sign in", async () => {
    const answer = await ask("/v1/any", { headers: { accept: "text/html,*/*" } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("content-type")).toContain("text/html");
    expect(await answer.text()).toContain("Sign in to Onepool");
  });
});

test("every answer carries the security headers", async () => {
  for (const path of ["/health", "/v1/any", "/nope"]) {
    const { headers } = await ask(path);
    expect(headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  }
});
