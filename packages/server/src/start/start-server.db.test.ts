import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { addKey } from "../auth/api-key-store.ts";
import type { Settings } from "../settings/settings.ts";
import { testDatabase } from "../testing/test-database.ts";
import { startServer, type RunningServer } from "./start-server.ts";

const API_KEY = "opk_start-server-test-key";
const database = await testDatabase();
const folder = await mkdtemp(path.join(tmpdir(), "onepool-start-"));
const dashboardFolder = path.join(folder, "dist");
let server: RunningServer;
let cookie: string;

const settings: Settings = {
  host: "127.0.0.1",
  port: 0,
  dataFolder: path.join(folder, "data"),
  databaseUrl: database.url,
  apiKey: API_KEY,
  secretKey: undefined,
  publicUrl: undefined,
  oversellRisk: 0.01,
  logLevel: "silent",
};

beforeAll(async () => {
  await mkdir(path.join(dashboardFolder, "assets"), { recursive: true });
  await writeFile(path.join(dashboardFolder, "index.html"), "<!doctype html><title>The dashboard</title>");
  await writeFile(path.join(dashboardFolder, "assets/index-4f3c.js"), "export const built = true;");
  server = await start();
  cookie = (await fetch(server.signInUrl)).headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(changed: Partial<Settings> = {}): Promise<RunningServer> {
  const started = await startServer({ settings: { ...settings, ...changed }, dashboardFolder });
  if (!started.ok) throw new Error(started.sentence);
  return started.server;
}

function ask(route: string, headers: Record<string, string> = {}, method = "GET") {
  return fetch(`${server.url}${route}`, { method, headers, redirect: "manual" });
}

describe("operations", () => {
  test("health and ready are open and say so in a word", async () => {
    expect(await (await ask("/health")).json()).toEqual({ status: "ok" });
    expect(await (await ask("/ready")).json()).toEqual({
      status: "ready",
      checks: { database: "ok", migrations: "ok", ledger: "ok" },
    });
  });

  test("whoever comes back from a channel needs no key, and gets nowhere without a state", async () => {
    const answer = await ask("/oauth/mercadolibre/callback?code=x&state=y");
    expect(answer.status).toBe(410);
    expect(await answer.json()).toMatchObject({ code: "authorization_ended" });
  });

  test("metrics need a key, carry every stage at work and name no seller", async () => {
    expect((await ask("/metrics")).status).toBe(401);
    const { key } = await addKey(database.pool, { sellerId: server.sellerId, role: "read", label: "" });
    const answer = await ask("/metrics", { authorization: `Bearer ${key}` });
    expect(answer.headers.get("content-type")).toContain("text/plain");
    const text = await answer.text();
    for (const name of [
      "process_cpu_seconds_total",
      "live_streams",
      "intake_",
      "publish_",
      "api_request_seconds",
    ])
      expect(text).toContain(name);
    expect(text).not.toMatch(/seller|sku=/);
  });
});

describe("the dashboard", () => {
  const html = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

  test("is shown to who is signed in, also by an address made up in the browser", async () => {
    for (const route of ["/", "/index.html", "/skus/KB-M", "/skus/a.b%2Fc?tab=1"]) {
      const answer = await ask(route, { ...html, cookie });
      expect([route, answer.status, answer.headers.get("cache-control")]).toEqual([route, 200, "no-cache"]);
      expect(await answer.text()).toContain("The dashboard");
    }
  });

  test("its built files may be kept, since their names change with them", async () => {
    const answer = await ask("/assets/index-4f3c.js", { cookie });
    expect(answer.headers.get("cache-control")).toContain("immutable");
    expect(answer.headers.get("content-type")).toContain("javascript");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("a stranger sees how to sign in and nothing else", async () => {
    for (const route of ["/", "/skus/KB-M", "/index.html"]) {
      const answer = await ask(route, html);
      expect(answer.status).toBe(401);
      const page = await answer.text();
      expect(page).toContain("Sign in to Onepool");
      expect(page).not.toContain("The dashboard");
    }
    expect((await ask("/assets/index-4f3c.js")).status).toBe(401);
    expect((await ask("/")).status).toBe(401);
  });

  test.each([
    ["/v1/nope", "text/html", "GET"],
    ["/nope", "application/json", "GET"],
    ["/nope", "*/*", "GET"],
    ["/nope", "text/html", "POST"],
    ["/assets/index-0000.js", "text/html", "GET"],
    ["/hooks/x", "text/html", "GET"],
    ["/../package.json", "*/*", "GET"],
    ["/%2e%2e/%2e%2e/package.json", "*/*", "GET"],
    ["/.built-from", "*/*", "GET"],
  ])("%s (%s, %s) is not found", async (route, accept, method) => {
    const answer = await ask(route, { accept, authorization: `Bearer ${API_KEY}` }, method);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "not_found" });
  });
});

describe("the key of the environment", () => {
  test("is an admin key of the seller default", async () => {
    const answer = await ask("/v1/skus", { authorization: `Bearer ${API_KEY}` });
    expect(answer.status).toBe(200);
    const { rows } = await database.pool.query(
      "select s.code, k.role from api_key k join seller s using (seller_id) where k.label = 'ONEPOOL_API_KEY'",
    );
    expect(rows).toEqual([{ code: "default", role: "admin" }]);
  });
});

test("a public address is the one that is printed and answered to", async () => {
  const other = await start({ publicUrl: new URL("https://onepool.example.com") });
  expect(other.signInUrl).toMatch(/^https:\/\/onepool\.example\.com\/\?link=[\w-]{43}$/);
  await other.stop();
});

test("any number of servers start at once on one database, and stop", async () => {
  const fresh = await Promise.all([1, 2, 3].map(() => start()));
  const { rows } = await database.pool.query("select code from seller");
  expect(rows).toEqual([{ code: "default" }]);
  for (const each of fresh) expect((await fetch(`${each.url}/ready`)).status).toBe(200);
  await Promise.all(fresh.map((each) => each.stop()));
  await expect(fetch(`${fresh[0]?.url}/health`)).rejects.toThrow("fetch failed");
});
