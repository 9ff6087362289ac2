import {
  type SimulatorProcess,
  startSimulator,
} from "@onepool/connectors/contract/testing/simulator-process.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { sealed } from "../../../auth/secret-box.ts";
import { authorizationCallback } from "../../../connections/authorization-callback.ts";
import { StoredTokenVault } from "../../../connections/stored-token-vault.ts";
import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const database = await testDatabase();
const clock = { now: () => Date.now() };
/** Pushed on by tests that wait for an authorization to end. In milliseconds. */
let laterMs = 0;
const api = apiServer(database, {}, (parts) => [
  authorizationCallback({ ...parts, clock: { now: () => Date.now() + laterMs } }),
]);

let simulator: SimulatorProcess;
let connections = 0;
let code = "";

/** An account of the simulator with the app that it lets in. */
async function accountOf(name: string) {
  const described = (await simulator.control("GET", "/_sim/accounts")) as unknown as SimulatorProcess;
  const account = described.accounts.find((one) => one.account === name);
  if (account === undefined) throw new Error(`the simulator has the account ${name}`);
  return account;
}

beforeAll(async () => {
  simulator = await startSimulator("mercadolibre", 11);
  const redirectUris = [`${api.base}/oauth/mercadolibre/callback`];
  await simulator.control("PUT", "/_sim/accounts", {
    apps: [{ app: "main", redirectUris, pkceRequired: true }],
    accounts: [{ account: "mx-1" }, { account: "mx-2" }],
  });
});

afterAll(() => simulator.stop());

beforeEach(async () => {
  laterMs = 0;
  connections += 1;
  code = `meli-${connections}`;
  const { clientId, clientSecret } = await accountOf("mx-1");
  await database.pool.query("delete from channel_account");
  await put({ kind: "mercadolibre", credentials: { clientId, clientSecret } });
});

const put = (changes: object) =>
  api.put(`/v1/connections/${code}`, { baseUrl: simulator.url, tokenUrl: simulator.tokenUrl, ...changes });

async function begin(body: object = {}): Promise<URL> {
  const begun = await api.post(`/v1/connections/${code}/authorize`, body);
  expect(begun).toMatchObject({ status: 200, body: { url: expect.any(String) } });
  return new URL(begun.body.url as string);
}

/** The consent page answers as a seller who agrees at once; answers where it sends the browser. */
async function agree(url: URL, account = "mx-1"): Promise<URL> {
  const page = new URL(url);
  page.searchParams.set("account", account);
  const answer = await fetch(page, { redirect: "manual" });
  expect(answer.status).toBe(302);
  return new URL(answer.headers.get("location") ?? "");
}

const comeBack = (back: URL, headers: Record<string, string> = {}) =>
  api.raw(`${back.pathname}${back.search}`, "GET", { key: null, headers });

const vault = () =>
  new StoredTokenVault({
    pool: database.pool,
    secretBox: sealed("s".repeat(32)),
    clock,
    sellerId: api.seller.sellerId,
    connection: code,
  });

const noExchange = async (): Promise<never> => {
  throw new Error("there is a token: nothing has to be exchanged");
};

describe("authorizing a connection in a browser", () => {
  it("brings tokens that work, and tells whose they are", async () => {
    const url = await begin();
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: "code",
      redirect_uri: `${api.base}/oauth/mercadolibre/callback`,
      code_challenge_method: "S256",
    });
    const back = await agree(url);
    expect(await comeBack(back)).toMatchObject({ status: 200, body: { ok: true, connection: code } });
    const token = await vault().current(noExchange);
    const me = await fetch(new URL("/users/me", simulator.url), {
      headers: { authorization: `Bearer ${token.ok ? token.value : ""}` },
    });
    const { userId } = await accountOf("mx-1");
    expect(await me.json()).toMatchObject({ id: userId });
    expect((await api.get(`/v1/connections/${code}`)).body).toMatchObject({ accountId: String(userId) });
  });

  it("keeps state, verifier and tokens unreadable", async () => {
    const url = await begin();
    const { rows } = await database.pool.query("select * from connection_authorization");
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(url.searchParams.get("state"));
    await comeBack(await agree(url));
    const token = await vault().current(noExchange);
    const kept = await database.pool.query("select * from connection_token");
    expect(JSON.stringify(kept.rows)).not.toContain(token.ok ? token.value : "");
  });

  it("ends a broken access: whoever asks next finds the new tokens", async () => {
    const { clientId, clientSecret } = await accountOf("mx-1");
    await put({ credentials: { clientId, clientSecret, refreshToken: "TG-revoked" } });
    const refusing = async () => ({
      ok: false as const,
      error: { kind: "auth" as const, message: "revoked" },
    });
    expect(await vault().current(refusing)).toMatchObject({ ok: false });
    const before = (await api.get(`/v1/connections/${code}`)).body.updatedSeq as number;
    await comeBack(await agree(await begin()));
    expect(await vault().current(noExchange)).toMatchObject({ ok: true });
    expect((await api.get(`/v1/connections/${code}`)).body.updatedSeq).toBeGreaterThan(before);
  });

  it("stays in force when only the client's secret is mended, and ends when a refresh token is entered", async () => {
    await comeBack(await agree(await begin()));
    const { clientId } = await accountOf("mx-1");
    await put({ credentials: { clientId, clientSecret: "another" } });
    expect(await vault().current(noExchange)).toMatchObject({ ok: true });
    await put({ credentials: { clientId, clientSecret: "another", refreshToken: "TG-entered" } });
    const spent: string[] = [];
    await vault().current(async (refreshToken) => {
      spent.push(refreshToken);
      return { ok: false, error: { kind: "transient", message: "away" } };
    });
    expect(spent).toEqual(["TG-entered"]);
  });

  it("takes a state once, of its kind, within its time", async () => {
    const back = await agree(await begin());
    const elsewhere = new URL(back.href.replace("/mercadolibre/", "/amazon/"));
    expect(await comeBack(elsewhere)).toMatchObject({ status: 410, body: { code: "authorization_ended" } });
    expect(await comeBack(back)).toMatchObject({ status: 200 });
    expect(await comeBack(back)).toMatchObject({ status: 410, body: { code: "authorization_ended" } });
    const late = await agree(await begin());
    laterMs = 15 * 60_000 + 1;
    expect(await comeBack(late)).toMatchObject({ status: 410 });
    laterMs = 0;
    expect(await comeBack(late)).toMatchObject({ status: 410 });
    const forged = await agree(await begin());
    forged.searchParams.set("state", "x".repeat(43));
    expect(await comeBack(forged)).toMatchObject({ status: 410 });
    forged.searchParams.delete("state");
    expect(await comeBack(forged)).toMatchObject({ status: 410 });
  });

  it("of two who come back with one state, one is let in", async () => {
    const back = await agree(await begin());
    const answers = await Promise.all([comeBack(back), comeBack(back), comeBack(back)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410, 410]);
  });

  it("says what the channel's no means", async () => {
    const refuse = async (error: string) => {
      const back = new URL(`${api.base}/oauth/mercadolibre/callback`);
      back.searchParams.set("state", (await begin()).searchParams.get("state") ?? "");
      back.searchParams.set("error", error);
      return comeBack(back);
    };
    expect(await refuse("access_denied")).toMatchObject({
      status: 409,
      body: { code: "authorization_refused", message: "The account's owner did not agree." },
    });
    expect((await refuse("invalid_operator_user_id")).body.message).toContain("administrator");
    const wrongCode = await agree(await begin());
    wrongCode.searchParams.set("code", "TG-guessed");
    expect(await comeBack(wrongCode)).toMatchObject({ status: 409, body: { code: "authorization_refused" } });
    const noCode = await agree(await begin());
    noCode.searchParams.delete("code");
    expect(await comeBack(noCode)).toMatchObject({ status: 409 });
    expect(await vault().current(noExchange)).toMatchObject({ error: { code: "wrong_credentials" } });
  });

  it("says when the channel is away, and stores nothing", async () => {
    const back = await agree(await begin());
    await put({ tokenUrl: "http://127.0.0.1:9/oauth/token" });
    expect(await comeBack(back)).toMatchObject({ status: 503, body: { code: "channel_unavailable" } });
    expect(await vault().current(noExchange)).toMatchObject({ ok: false });
  });

  it("refuses another account than the connection's, and one that another connection has", async () => {
    const mine = String((await accountOf("mx-1")).userId);
    await put({ accountId: mine });
    const other = await comeBack(await agree(await begin(), "mx-2"));
    expect(other).toMatchObject({ status: 409, body: { code: "authorization_refused" } });
    expect(await comeBack(await agree(await begin()))).toMatchObject({ status: 200 });
    const { clientId, clientSecret } = await accountOf("mx-1");
    code = `${code}-second`;
    await put({ kind: "mercadolibre", credentials: { clientId, clientSecret } });
    const taken = await comeBack(await agree(await begin()));
    expect(taken).toMatchObject({ status: 409, body: { code: "account_taken" } });
  });

  it("answers a browser with a page that runs nothing and leads nowhere else", async () => {
    const accept = { accept: "text/html" };
    const page = await comeBack(await agree(await begin({ redirect: "/connections?tab=1" })), accept);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(page.body).toContain('<a href="/connections?tab=1">');
    const back = new URL(`${api.base}/oauth/mercadolibre/callback`);
    back.searchParams.set("state", (await begin()).searchParams.get("state") ?? "");
    back.searchParams.set("error", "x");
    back.searchParams.set("error_description", "<script>alert(1)</script>");
    const refused = await comeBack(back, accept);
    expect(refused.status).toBe(409);
    expect(refused.body).toContain("&lt;script&gt;");
    expect(refused.body).not.toContain("<script>");
  });

  it.each(["https://evil.example", "//evil.example", "/\\evil.example", "/a\nb", "connections", ""])(
    "does not go on to %j",
    async (redirect) => {
      expect(await api.post(`/v1/connections/${code}/authorize`, { redirect })).toMatchObject({
        status: 400,
        body: { code: "invalid_field", field: "redirect" },
      });
    },
  );

  it("says what is missing before anybody is sent anywhere", async () => {
    const authorize = (path: string) => api.post(`/v1/connections/${path}/authorize`, {});
    expect(await authorize("nowhere")).toMatchObject({ status: 404, body: { code: "unknown_connection" } });
    await api.put("/v1/connections/own", { kind: "api" });
    expect(await authorize("own")).toMatchObject({
      status: 409,
      body: { code: "authorization_unavailable" },
    });
    await api.put("/v1/connections/bare", { kind: "mercadolibre" });
    expect((await authorize("bare")).body.message).toContain("credentials");
    const credentials = { clientId: "1", clientSecret: "s" };
    await api.put("/v1/connections/real", { kind: "mercadolibre", credentials });
    expect((await authorize("real")).body.message).toContain("siteId");
    const rows = await database.pool.query(
      "select from connection_authorization where connection in ('own', 'bare', 'real')",
    );
    expect(rows.rowCount).toBe(0);
  });
});
