import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import type { FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll } from "vitest";

import type { AppDeps } from "../api/api-deps.ts";
import { buildApp } from "../api/build-app.ts";
import { addKey } from "../auth/api-key-store.ts";
import { authentication } from "../auth/authenticate.ts";
import type { Role } from "../auth/caller.ts";
import { sealed } from "../auth/secret-box.ts";
import type { CallbackDeps } from "../connections/authorization-callback.ts";
import { createSeller } from "../ledger/create-seller.ts";
import type { LedgerLimits } from "../ledger/ledger-context.ts";
import { openLedger } from "../ledger/ledger.ts";
import { createLog } from "../log/log.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { checkAnswer } from "./api-contract.ts";
import { lentClients } from "./lent-clients.ts";
import type { TestDatabase } from "./test-database.ts";
import { waitUntil } from "./wait-until.ts";

/** A seller with a key of each role. */
export interface ApiSeller {
  readonly sellerId: number;
  readonly keys: Readonly<Record<Role, string>>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed, where it is JSON. */
  // eslint-disable-next-line typescript/no-explicit-any -- tests read into answers of every shape
  readonly body: any;
}

export interface ApiCall {
  readonly method?: string;
  /** Sent as JSON; a string or bytes as they are. */
  readonly body?: unknown;
  /** Null: none. The seller's admin key if absent. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

const clock = { now: () => Date.now() };

/** Until the sellers are made. */
const NOBODY: ApiSeller = { sellerId: 0, keys: { read: "", operate: "", admin: "" } };

/** The HTTP API over a real ledger on a port of its own, for the tests of a file. To be called at its top. */
export function apiServer(
  database: TestDatabase,
  limits: Partial<LedgerLimits> = {},
  pluginsOf: (parts: CallbackDeps) => AppDeps["plugins"] = () => [],
  keeperKinds: readonly KeeperKind[] = [],
) {
  const log = createLog({ level: "silent" });
  const ledgerPool = database.openPool({ max: 2, pipeline: true });
  const pool = database.openPool({ max: 4 });
  const ledger = openLedger({ pool: ledgerPool, clock, log, limits });
  let app: FastifyInstance | undefined;
  const server = {
    base: "",
    seller: NOBODY,
    other: NOBODY,
    ledger,
    /** How often whoever works on keepers' facts was woken. */
    factsStored: 0,
    metrics: createMetrics(),
    addSeller: (code: string) => addSeller(database, code),
    /** Every answer is held against what its route says of itself. */
    async call(path: string, call: ApiCall = {}): Promise<ApiAnswer> {
      const method = call.method ?? (call.body === undefined ? "GET" : "POST");
      const answer = await fetchJson(`${server.base}${path}`, method, {
        key: server.seller.keys.admin,
        ...call,
      });
      checkAnswer(method, path, answer);
      return answer;
    },
    get: (path: string, key?: string) => server.call(path, key === undefined ? {} : { key }),
    post: (path: string, body: unknown, call: ApiCall = {}) =>
      server.call(path, { ...call, method: "POST", body }),
    put: (path: string, body: unknown, call: ApiCall = {}) =>
      server.call(path, { ...call, method: "PUT", body }),
    /** Without the check: for requests that are no calls of the API. */
    raw: (path: string, method: string, call: ApiCall = {}) =>
      fetchJson(`${server.base}${path}`, method, { key: server.seller.keys.admin, ...call }),
    app: (): FastifyInstance => {
      if (app === undefined) throw new Error("the application is not built yet");
      return app;
    },
  };
  beforeAll(async () => {
    server.seller = await addSeller(database, "first");
    server.other = await addSeller(database, "other");
    const secretKey = "s".repeat(32);
    const kinds = new Map([["mercadolibre", mercadolibre]]);
    const shared = { ledger, pool, clock, log, secretBox: sealed(secretKey), kinds };
    app = await buildApp({
      ...shared,
      plugins: pluginsOf(shared) ?? [],
      keepers: keepersOf(keeperKinds, () => (server.factsStored += 1)),
      metrics: server.metrics,
      publicUrl: () => server.base,
      authentication: authentication({
        ...shared,
        pool: database.pool,
        host: "",
        publicUrl: undefined,
        secretKey,
      }),
    });
    server.base = await app.listen({ port: 0, host: "127.0.0.1" });
  });
  // A commit's answer comes before its connection is given back.
  afterEach(() => waitUntil(() => lentClients([database.pool, ledgerPool, pool]) === 0));
  afterAll(async () => {
    await app?.close();
    await ledger.close();
  });
  return server;
}

function keepersOf(kinds: readonly KeeperKind[], onStored: () => void): AppDeps["keepers"] & object {
  return { kinds: new Map(kinds.map((kind) => [kind.capability.kind, kind])), onStored };
}

async function addSeller(database: TestDatabase, code: string): Promise<ApiSeller> {
  const { sellerId } = await createSeller(database.pool, { code, name: code, timeZone: "UTC" });
  const keyOf = async (role: Role) => (await addKey(database.pool, { sellerId, role, label: "" })).key;
  const keys = { read: await keyOf("read"), operate: await keyOf("operate"), admin: await keyOf("admin") };
  return { sellerId, keys };
}

async function fetchJson(url: string, method: string, call: ApiCall): Promise<ApiAnswer> {
  const isRaw = typeof call.body === "string" || call.body instanceof Uint8Array;
  const body = call.body === undefined ? null : isRaw ? call.body : JSON.stringify(call.body);
  const headers = {
    ...(body === null ? {} : { "content-type": "application/json" }),
    ...(typeof call.key === "string" ? { authorization: `Bearer ${call.key}` } : {}),
    ...call.headers,
  };
  const response = await fetch(url, { method, headers, body: body as string | null });
  const text = await response.text();
  const isJson = /^application\/(problem\+)?json/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? (JSON.parse(text) as unknown) : text,
  };
}
