// The built screen on a real server with a database of its own, and a real browser to look at it.
import { existsSync } from "node:fs";
import { join } from "node:path";

import { startServer, type RunningServer } from "@onepool/server/start/start-server.ts";
import { emptyDataFolder, removeDataFolders } from "@onepool/server/testing/data-folder.ts";
import { testDatabase, type TestDatabase } from "@onepool/server/testing/test-database.ts";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";

import { findChromium } from "../../../tests/find-chromium.ts";

const dashboardFolder = join(import.meta.dirname, "..", "dist");

interface WindowOptions extends BrowserContextOptions {
  /** Where this window reaches the server, if not directly. */
  readonly serverUrl?: string;
}

/** A call of the API with its answer; throws unless all of it was accepted. */
export type Call = (
  method: "GET" | "PUT" | "POST",
  path: string,
  body?: object,
) => Promise<Record<string, unknown>>;

export interface ServedScreen {
  readonly database: TestDatabase;
  readonly server: () => RunningServer;
  readonly call: Call;
  /** Posts a file as it is; throws unless it was taken. */
  readonly upload: (path: string, text: string) => Promise<void>;
  /** A new browser window of somebody who has signed in, on the page of `path`. */
  readonly open: (path: string, options?: WindowOptions) => Promise<Page>;
  /** What the page complained about on its console, content policy included. */
  readonly complaints: string[];
}

const API_KEY = "opk_for_the_screen_tests";

/**
 * To be awaited at the top of a file; `seed` is what its tests find there. Without a browser on this machine all of them
 * are skipped, and say why.
 */
export async function servedScreen(
  seed: (
    call: Call,
    screen: Pick<ServedScreen, "call" | "upload" | "database">,
  ) => Promise<void> = async () => {},
): Promise<ServedScreen> {
  const browserSearch = findChromium();
  const database = await testDatabase();
  const complaints: string[] = [];
  let server: RunningServer | undefined;
  let browser: Browser | undefined;
  let state: Awaited<ReturnType<typeof signIn>> | undefined;

  beforeAll(async () => {
    if (!browserSearch.ok) return;
    if (!existsSync(join(dashboardFolder, "index.html"))) {
      throw new Error("the screen is not built: npm run build -w @onepool/dashboard");
    }
    server = await start(database);
    browser = await chromium.launch(browserSearch.chromium);
    state = await signIn(browser, server.signInUrl);
    await seed(call, { call, upload, database });
  });
  beforeEach(({ skip }) => {
    if (!browserSearch.ok) skip(browserSearch.reason);
  });
  afterEach(async () => {
    await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await removeDataFolders();
  });

  const running = (): RunningServer => {
    if (server === undefined) throw new Error("the server did not start");
    return server;
  };
  const call: Call = (method, path, body) => callApi(`${running().url}${path}`, method, body);
  const upload = async (path: string, text: string) => {
    const headers = { authorization: `Bearer ${API_KEY}`, "content-type": "text/csv" };
    const response = await fetch(`${running().url}${path}`, { method: "POST", headers, body: text });
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
  };
  return {
    database,
    complaints,
    server: running,
    call,
    upload,
    open: async (path, { serverUrl = running().url, ...options } = {}) => {
      if (browser === undefined || state === undefined) throw new Error("the browser did not start");
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        storageState: state,
        ...options,
      });
      const page = await context.newPage();
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(`${serverUrl}${path}`);
      return page;
    },
  };
}

async function start(database: TestDatabase): Promise<RunningServer> {
  const started = await startServer({
    dashboardFolder,
    settings: {
      host: "127.0.0.1",
      port: 0,
      dataFolder: await emptyDataFolder(),
      databaseUrl: database.url,
      apiKey: API_KEY,
      secretKey: "a secret key for the screen tests",
      publicUrl: undefined,
      oversellRisk: 0.01,
      logLevel: "silent",
    },
  });
  if (!started.ok) throw new Error(started.sentence);
  return started.server;
}

/** Opens the one-time link as a person does, and keeps the session it gives for every window. */
async function signIn(browser: Browser, signInUrl: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(signInUrl);
  await page.waitForURL((url) => url.search === "");
  const state = await context.storageState();
  await context.close();
  // Language and colours belong to the machine of each test.
  return { cookies: state.cookies, origins: [] };
}

async function callApi(url: string, method: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${API_KEY}`, ...(body && { "content-type": "application/json" }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const answer = (await response.json()) as { results?: { ok: boolean }[] };
  if (!response.ok || answer.results?.some(({ ok }) => !ok) === true) {
    throw new Error(`${method} ${url} answered ${response.status}: ${JSON.stringify(answer)}`);
  }
  return answer;
}
