import { mkdir, readFile, writeFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";

import { afterAll, afterEach, describe, expect, test } from "vitest";

import { emptyDataFolder, preparedDataFolder, removeDataFolders } from "./testing/data-folder.ts";
import { openEventStream } from "./testing/event-stream.ts";
import { isRunning, processesNaming } from "./testing/processes.ts";
import { runOnepool, startServerProcess, type ServerProcess } from "./testing/server-process.ts";
import { waitUntil } from "./testing/wait-until.ts";

const API_KEY = "opk_main-scenario-key-0123456789";
const started: ServerProcess[] = [];

afterEach(async () => {
  for (const server of started.splice(0)) {
    server.signal("SIGKILL");
    await server.ended;
  }
});
afterAll(async () => {
  await removeDataFolders();
});

function start(settings: Record<string, string>): ServerProcess {
  const server = startServerProcess({ ONEPOOL_API_KEY: API_KEY, ...settings });
  started.push(server);
  return server;
}

function call(base: URL, route: string, body?: unknown, method = body === undefined ? "GET" : "POST") {
  const headers = { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" };
  return fetch(new URL(route, base), {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function stock(base: URL, sku: string, units: number): Promise<void> {
  await call(base, `/v1/skus/${sku}`, {}, "PUT");
  const movement = { kind: "receipt", sku, location: "main", units, externalId: `in-${sku}` };
  const answer = await call(base, "/v1/movements", { movements: [movement] });
  expect(await answer.json()).toMatchObject({ results: [{ ok: true }] });
}

function orderOf(orderId: string, sku: string, quantity: number) {
  const lines = [{ lineId: "1", sku, quantity }];
  return { orders: [{ channel: "web", orderId, status: "paid", updatedAt: "2026-11-20T10:00:00Z", lines }] };
}

async function available(base: URL, sku: string): Promise<number> {
  const answer = (await (await call(base, `/v1/skus/${sku}/availability`)).json()) as { available: number };
  return answer.available;
}

/** Nothing of a server is left: neither itself nor its PostgreSQL nor the guard of that. */
async function nothingLeft(dataFolder: string): Promise<void> {
  await waitUntil(async () => (await processesNaming(dataFolder)).length === 0);
}

test("a first start makes everything, signs a browser in once, and shows a sale the moment it is reported", async () => {
  const dataFolder = await emptyDataFolder();
  const server = start({ ONEPOOL_DATA: dataFolder });
  const address = await server.ready();
  expect(server.printed).toEqual([`Onepool is ready: ${address.href}`]);
  expect(address.hostname).toBe("127.0.0.1");

  const signedIn = await fetch(address);
  const cookie = signedIn.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
  expect(signedIn.status).toBe(200);
  expect((await fetch(address)).status).toBe(401);
  expect((await fetch(new URL("/v1/skus", address), { headers: { cookie } })).status).toBe(200);
  expect((await fetch(new URL("/v1/skus", address))).status).toBe(401);

  await stock(address, "KB-M", 40);
  const stream = await openEventStream(new URL("/v1/stream", address).href, { cookie });
  await stream.next((event) => event.event === "position");
  const sold = await call(address, "/v1/orders", orderOf("A-1", "KB-M", 3));
  const { results } = (await sold.json()) as { results: { seq: number }[] };
  const heard = await stream.next((event) => event.event === "ledger");
  expect(heard.data).toMatchObject({ seq: results[0]?.seq, skus: [{ sku: "KB-M", available: 37 }] });

  server.signal("SIGTERM");
  expect(await server.ended).toBe(0);
  await stream.ended;
  expect(server.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  expect(server.logged.join("\n")).not.toContain(API_KEY);
  await nothingLeft(dataFolder);
});

test("what was acknowledged is there after kill -9 of the server, and nothing goes on running", async () => {
  const dataFolder = await preparedDataFolder();
  const server = start({ ONEPOOL_DATA: dataFolder });
  const address = await server.ready();
  await stock(address, "KB-M", 1000);
  let acknowledged = 0;
  const selling = Array.from({ length: 8 }, async (_, caller) => {
    for (let number = 1; ; number += 1) {
      try {
        const answer = await call(address, "/v1/orders", orderOf(`K-${caller}-${number}`, "KB-M", 1));
        if (answer.ok) acknowledged += 1;
      } catch {
        return number;
      }
    }
  });
  await waitUntil(() => acknowledged >= 100);
  server.signal("SIGKILL");
  // The last one of each caller got no answer and may or may not be in.
  const unanswered = (await Promise.all(selling)).length;
  await nothingLeft(dataFolder);

  const again = start({ ONEPOOL_DATA: dataFolder });
  const base = await again.ready();
  const left = await available(base, "KB-M");
  expect(1000 - left).toBeGreaterThanOrEqual(acknowledged);
  expect(1000 - left).toBeLessThanOrEqual(acknowledged + unanswered);
  const repeat = await call(base, "/v1/orders", orderOf("K-0-1", "KB-M", 1));
  expect(await repeat.json()).toMatchObject({ results: [{ ok: true }] });
  expect(await available(base, "KB-M")).toBe(left);
});

test("goes on after kill -9 of its PostgreSQL, and says so in between", async () => {
  const dataFolder = await preparedDataFolder();
  const server = start({ ONEPOOL_DATA: dataFolder });
  const address = await server.ready();
  await stock(address, "KB-M", 10);
  const [postmaster = 0] = (await readFile(path.join(dataFolder, "postgres/postmaster.pid"), "utf8"))
    .split("\n")
    .map(Number);
  process.kill(postmaster, "SIGKILL");
  await waitUntil(async () => !(await isRunning(postmaster)));
  await waitUntil(async () => (await call(address, "/v1/orders", orderOf("A-1", "KB-M", 4))).ok);
  expect(await available(address, "KB-M")).toBe(6);
  await waitUntil(async () => (await fetch(new URL("/ready", address))).ok);
  expect((await fetch(new URL("/health", address))).status).toBe(200);
});

test("commands work beside a running server, and a key they revoke is refused within seconds", async () => {
  const dataFolder = await preparedDataFolder();
  const settings = { ONEPOOL_DATA: dataFolder };
  // Alone: PostgreSQL runs for as long as the command does.
  const early = await runOnepool(["key", "add", "--seller", "default", "--role", "read"], settings);
  await nothingLeft(dataFolder);
  const server = start(settings);
  const address = await server.ready();
  const headers = { authorization: `Bearer ${early.printed.trim()}` };
  expect((await fetch(new URL("/v1/skus", address), { headers })).status).toBe(200);
  expect((await runOnepool(["verify"], settings)).code).toBe(0);
  const link = await runOnepool(["link"], settings);
  expect(new URL(link.printed.trim()).origin).toBe(address.origin);
  expect((await fetch(link.printed.trim())).status).toBe(200);

  const keyId = /key_\w+/.exec(early.noted)?.[0] ?? "";
  const stream = await openEventStream(new URL("/v1/stream", address).href, headers);
  await stream.next((event) => event.event === "position");
  expect((await runOnepool(["key", "revoke", keyId], settings)).code).toBe(0);
  await stream.next((event) => event.event === "end");
  await waitUntil(async () => (await fetch(new URL("/v1/skus", address), { headers })).status === 401);
});

describe("a stop", () => {
  test("finishes the requests it has accepted", async () => {
    const dataFolder = await preparedDataFolder();
    const server = start({ ONEPOOL_DATA: dataFolder });
    const address = await server.ready();
    await stock(address, "KB-M", 1000);
    const answers = Array.from({ length: 200 }, (_, number) =>
      call(address, "/v1/orders", orderOf(`S-${number}`, "KB-M", 1)).then(
        async (answer) => (answer.ok ? "in" : answer.status),
        () => "cut",
      ),
    );
    await Promise.race(answers);
    server.signal("SIGINT");
    const settled = await Promise.all(answers);
    expect(await server.ended).toBe(0);
    await nothingLeft(dataFolder);
    const again = start({ ONEPOOL_DATA: dataFolder });
    const taken = settled.filter((answer) => answer === "in").length;
    expect(settled.filter((answer) => answer !== "in" && answer !== "cut" && answer !== 503)).toEqual([]);
    const sold = 1000 - (await available(await again.ready(), "KB-M"));
    expect(sold).toBeGreaterThanOrEqual(taken);
    expect(sold).toBeLessThanOrEqual(taken + settled.filter((answer) => answer === "cut").length);
  });

  test("asked for in the middle of the start leaves nothing behind", async () => {
    const dataFolder = await emptyDataFolder();
    const server = start({ ONEPOOL_DATA: dataFolder });
    await waitUntil(async () => (await processesNaming(dataFolder)).length > 0);
    server.signal("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(server.printed).toEqual([]);
    await nothingLeft(dataFolder);
  });
});

describe("what cannot be is said in one sentence", () => {
  async function refusal(settings: Record<string, string>): Promise<string> {
    const server = start(settings);
    expect(await server.ended).toBe(1);
    expect(server.printed).toEqual([]);
    const sentences = server.logged.filter((line) => line.startsWith("onepool: "));
    expect(sentences).toHaveLength(1);
    return sentences[0] ?? "";
  }

  test("a port that is taken", async () => {
    const dataFolder = await preparedDataFolder();
    const other = net.createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as net.AddressInfo;
    expect(await refusal({ ONEPOOL_DATA: dataFolder, ONEPOOL_PORT: String(port) })).toContain(
      `Port ${port} on 127.0.0.1 is taken: stop what listens there, or set ONEPOOL_PORT`,
    );
    other.close();
    await nothingLeft(dataFolder);
  });

  test("an address this machine does not have", async () => {
    expect(await refusal({ ONEPOOL_DATA: await preparedDataFolder(), ONEPOOL_HOST: "192.0.2.1" })).toContain(
      "This machine has no address 192.0.2.1: set ONEPOOL_HOST",
    );
  });

  test("a second server on one data folder", async () => {
    const dataFolder = await preparedDataFolder();
    const first = start({ ONEPOOL_DATA: dataFolder });
    const address = await first.ready();
    expect(await refusal({ ONEPOOL_DATA: dataFolder })).toContain(dataFolder);
    expect((await fetch(new URL("/ready", address))).status).toBe(200);
  });

  test("a wrong setting, without its value if that is secret", async () => {
    expect(await refusal({ ONEPOOL_PORT: "web" })).toContain('ONEPOOL_PORT ("web") cannot be used');
    const sentence = await refusal({ DATABASE_URL: "mysql://user:hush@host/database" });
    expect(sentence).toContain("DATABASE_URL cannot be used");
    expect(sentence).not.toContain("hush");
  });

  test("another secret key than the one the credentials were encrypted with", async () => {
    const dataFolder = await preparedDataFolder();
    const server = start({ ONEPOOL_DATA: dataFolder });
    const connection = {
      kind: "mercadolibre",
      credentials: { clientId: "1", clientSecret: "2", refreshToken: "3" },
    };
    const answer = await call(await server.ready(), "/v1/connections/meli", connection, "PUT");
    expect([answer.status, await answer.text()]).toMatchObject([200, expect.any(String)]);
    server.signal("SIGTERM");
    await server.ended;
    expect(await refusal({ ONEPOOL_DATA: dataFolder, ONEPOOL_SECRET_KEY: "another secret key" })).toContain(
      "encrypted with another secret key: set ONEPOOL_SECRET_KEY",
    );
    await nothingLeft(dataFolder);
  });

  test("a data folder that cannot be written", async () => {
    const parent = path.dirname(await emptyDataFolder());
    await mkdir(parent, { recursive: true });
    await writeFile(path.join(parent, "file"), "");
    expect(await refusal({ ONEPOOL_DATA: path.join(parent, "file") })).toContain(
      "secret-key cannot be read or made",
    );
  });
});
