import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import { type Answer, call, LISTING, startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

const REDIRECT = "http://127.0.0.1:4040/oauth/mercadolibre";

interface TokenBody {
  access_token: string;
  refresh_token: string;
}

function token(market: TestMarketplace, form: Record<string, string>): Promise<Answer<TokenBody>> {
  const { clientId, clientSecret } = market.first;
  const all = { client_id: clientId, client_secret: clientSecret, ...form };
  return call<TokenBody>(market.tokenUrl, "POST", { form: all });
}

const refresh = (market: TestMarketplace, more: Record<string, string> = {}) =>
  token(market, { grant_type: "refresh_token", refresh_token: market.first.refreshToken, ...more });

const verifier = "v".repeat(64);
const challenge = createHash("sha256").update(verifier).digest("base64url");

/** Walks the consent page as a seller's browser would. */
function consent(market: TestMarketplace, more: Record<string, string> = {}) {
  const url = new URL(market.authorizationUrl);
  const query = {
    response_type: "code",
    client_id: market.first.clientId,
    redirect_uri: REDIRECT,
    state: "s-1",
    code_challenge: challenge,
    code_challenge_method: "S256",
    account: "mx-1",
    ...more,
  };
  url.search = new URLSearchParams(query).toString();
  return call(url.href, "GET");
}

const locationOf = (answer: Answer<unknown>): URLSearchParams =>
  new URL(answer.headers.get("location") ?? "http://nowhere").searchParams;

async function authorise(market: TestMarketplace): Promise<Answer<TokenBody>> {
  const code = locationOf(await consent(market)).get("code") ?? "";
  return token(market, {
    grant_type: "authorization_code",
    code,
    redirect_uri: REDIRECT,
    code_verifier: verifier,
  });
}

describe("the consent page", () => {
  test("is walked without a browser, from the address to the tokens", async () => {
    const market = await startMarketplace();
    const page = await consent(market);
    expect(page.status).toBe(302);
    expect(locationOf(page).get("state")).toBe("s-1");
    const granted = await authorise(market);
    expect(granted).toMatchObject({ status: 200, body: { user_id: market.first.userId } });
    const fresh = { token: granted.body.access_token };
    expect(await market.api("GET", "/users/me", fresh)).toMatchObject({ status: 200 });
    // The seller agreed again: what was agreed before is over.
    expect(await refresh(market)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  test("refuses operators, and tells the app when the seller says no", async () => {
    const market = await startMarketplace();
    expect(await consent(market, { operator: "1" })).toMatchObject({
      status: 403,
      body: { error: "invalid_operator_user_id" },
    });
    const denied = await consent(market, { deny: "1" });
    expect(denied.status).toBe(302);
    expect(Object.fromEntries(locationOf(denied))).toEqual({ state: "s-1", error: "access_denied" });
  });

  test("wants the challenge where the app has PKCE on, and the code its verifier", async () => {
    const market = await startMarketplace();
    const url = `${market.authorizationUrl}?response_type=code&client_id=${market.first.clientId}&redirect_uri=${REDIRECT}`;
    expect(await call(url, "GET")).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    const code = locationOf(await consent(market)).get("code") ?? "";
    const wrong = {
      grant_type: "authorization_code",
      code,
      redirect_uri: REDIRECT,
      code_verifier: "w".repeat(64),
    };
    expect(await token(market, wrong)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    // Used up by the wrong try.
    const right = { ...wrong, code_verifier: verifier };
    expect(await token(market, right)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(await token(market, { ...right, code: "TG-made-up" })).toMatchObject({ status: 400 });
  });
});

describe("an authorisation that is taken back", () => {
  const dead = async (market: TestMarketplace): Promise<void> => {
    expect(await market.api("GET", "/users/me")).toMatchObject({ status: 401 });
    expect(await refresh(market)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  };

  test("by the seller in the panel ends every token, until they agree again", async () => {
    const market = await startMarketplace();
    expect(await market.sim("POST", "/accounts/mx-1/revoke", {})).toMatchObject({ status: 200 });
    await dead(market);
    expect(await market.sim("GET", "/accounts")).toMatchObject({
      body: { accounts: [{ authorised: false }, { authorised: true }] },
    });
    const granted = await authorise(market);
    const fresh = { token: granted.body.access_token };
    expect(await market.api("GET", "/users/me", fresh)).toMatchObject({ status: 200 });
    expect(await market.sim("POST", "/accounts/nobody/revoke", {})).toMatchObject({ status: 404 });
  });

  test("by the app itself, for its own seller only", async () => {
    const market = await startMarketplace();
    const { userId, clientId } = market.first;
    const grants = () =>
      market.api("GET", `/applications/${clientId}/grants`, { token: market.second.accessToken });
    expect(await grants()).toMatchObject({ body: { paging: { total: 2 } } });
    expect(await market.api("GET", `/users/${userId}/applications`)).toMatchObject({
      body: [{ user_id: String(userId), app_id: clientId }],
    });
    const path = `/users/${userId}/applications/${clientId}`;
    expect(await market.api("DELETE", path, { token: market.second.accessToken })).toMatchObject({
      status: 403,
    });
    expect(await market.api("DELETE", path)).toMatchObject({
      status: 200,
      body: { user_id: String(userId), app_id: clientId, msg: "Autorización eliminada" },
    });
    await dead(market);
    expect(await grants()).toMatchObject({ body: { grants: [{ user_id: market.second.userId }] } });
  });

  test("by four months without a call", async () => {
    const market = await startMarketplace();
    market.clock.advance(123 * 86_400_000);
    await dead(market);
  });
});

describe("a new client secret", () => {
  const renew = async (market: TestMarketplace, graceMs: number): Promise<string> => {
    const answer = await market.sim<{ clientSecret: string }>("POST", "/apps/main/secret", { graceMs });
    expect(answer.status).toBe(200);
    return answer.body.clientSecret;
  };

  test("at once ends the access tokens and the old secret", async () => {
    const market = await startMarketplace();
    const secret = await renew(market, 0);
    expect(await market.api("GET", "/users/me")).toMatchObject({ status: 401 });
    expect(await refresh(market)).toMatchObject({ status: 400, body: { error: "invalid_client" } });
    expect(await refresh(market, { client_secret: secret })).toMatchObject({ status: 200 });
  });

  test("planned ahead leaves both valid until then", async () => {
    const market = await startMarketplace();
    const secret = await renew(market, 86_400_000);
    expect(await market.api("GET", "/users/me")).toMatchObject({ status: 200 });
    const first = await refresh(market);
    expect(first.status).toBe(200);
    market.clock.advance(86_400_000);
    const next = { refresh_token: first.body.refresh_token };
    expect(await refresh(market, next)).toMatchObject({ body: { error: "invalid_client" } });
    expect(await refresh(market, { ...next, client_secret: secret })).toMatchObject({ status: 200 });
    expect(await market.sim("POST", "/apps/main/secret", { graceMs: 8 * 86_400_000 })).toMatchObject({
      status: 400,
    });
  });
});

describe("what an app may not do", () => {
  const app = (market: TestMarketplace, fields: Record<string, unknown>) =>
    market.sim("PUT", "/accounts", { apps: [{ app: "main", ...fields }] });

  test("blocked: nothing", async () => {
    const market = await startMarketplace();
    await app(market, { blocked: true });
    expect(await market.api("GET", "/users/me")).toMatchObject({
      status: 401,
      body: { error: "unauthorized_scopes" },
    });
    expect(await refresh(market)).toMatchObject({ body: { error: "unauthorized_application" } });
    expect(await consent(market)).toMatchObject({ body: { error: "unauthorized_application" } });
    await app(market, { blocked: false });
    expect(await refresh(market)).toMatchObject({ status: 200 });
  });

  test("without a functional permission: its area", async () => {
    const market = await startMarketplace();
    await app(market, { permissions: ["sales"] });
    const refused = { status: 403, body: { code: "PA_UNAUTHORIZED_RESULT_FROM_POLICIES" } };
    expect(await market.api("GET", `/items/${LISTING}`)).toMatchObject(refused);
    expect(await market.api("GET", "/post-purchase/v1/claims/1")).toMatchObject(refused);
    expect(await market.api("GET", `/users/${market.first.userId}/items/search`)).toMatchObject(refused);
    expect(await market.api("GET", "/users/me")).toMatchObject({ status: 200 });
    expect(await market.api("GET", "/orders/1")).toMatchObject({ status: 404 });
  });

  test("beyond the quota of the whole app: anything, for all its sellers", async () => {
    const limits = { app: { perMinute: 60, burst: 3 } };
    const market = await startMarketplace({ settings: { limits } });
    const paths = ["/users/me", `/items/${LISTING}`, "/orders/1", "/users/me"];
    const statuses: number[] = [];
    for (const path of paths) statuses.push((await market.api("GET", path)).status);
    expect(statuses).toEqual([200, 200, 404, 429]);
    expect(await market.api("GET", "/users/me", { token: market.second.accessToken })).toMatchObject({
      status: 429,
    });
    market.clock.advance(1_000);
    expect(await market.api("GET", "/users/me")).toMatchObject({ status: 200 });
  });

  test("after too many calls that are refused: nothing, until it is unblocked", async () => {
    const market = await startMarketplace({ settings: { limits: { clientErrorsPerHour: 3 } } });
    const statuses: number[] = [];
    for (let one = 0; one < 5; one += 1) statuses.push((await market.api("GET", "/items/MLM1")).status);
    expect(statuses).toEqual([404, 404, 404, 404, 401]);
    expect(await market.api("GET", "/users/me")).toMatchObject({ body: { error: "unauthorized_scopes" } });
    await app(market, { blocked: false });
    market.clock.advance(3_600_000);
    expect((await market.api("GET", "/items/MLM1")).status).toBe(404);
    expect((await market.api("GET", "/users/me")).status).toBe(200);
  });

  test.each([
    ["accessDenied", { error: "access_denied", code: "FORBIDDEN" }],
    ["policies", { code: "PA_UNAUTHORIZED_RESULT_FROM_POLICIES" }],
    ["callerNotAuthorized", { message: "The caller is not authorized to access this resource." }],
  ])("by fault, a 403 as %s", async (body, expected) => {
    const market = await startMarketplace();
    await market.sim("PUT", "/faults", { api: [{ kind: "forbidden", body, times: 1 }] });
    expect(await market.api("GET", "/users/me")).toMatchObject({ status: 403, body: expected });
    expect(await market.api("GET", "/users/me")).toMatchObject({ status: 200 });
  });
});
