import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import { call, startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

const INVALID_GRANT = {
  error_description:
    "Error validating grant. Your authorization code or refresh token may be expired or it was already used",
  error: "invalid_grant",
  status: 400,
  cause: [],
};

interface TokenBody {
  access_token: string;
  refresh_token: string;
  expires_in: number;
}

function refresh(market: TestMarketplace, refreshToken: string, more: Record<string, string> = {}) {
  const { clientId, clientSecret } = market.first;
  const form = {
    grant_type: "refresh_token",
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refreshToken,
    ...more,
  };
  return call<TokenBody>(market.tokenUrl, "POST", { form });
}

describe("refreshing", () => {
  test("gives a new pair, and the old refresh token never works again", async () => {
    const market = await startMarketplace();
    const fresh = await refresh(market, market.first.refreshToken);
    expect(fresh.status).toBe(200);
    expect(fresh.body).toEqual({
      access_token: expect.stringMatching(/^APP_USR-/),
      token_type: "bearer",
      expires_in: 21_600,
      scope: "offline_access read write",
      user_id: market.first.userId,
      refresh_token: expect.stringMatching(/^TG-/),
    });
    expect(fresh.body.refresh_token).not.toBe(market.first.refreshToken);
    const again = await refresh(market, market.first.refreshToken);
    expect(again).toMatchObject({ status: 400, body: INVALID_GRANT });
    expect(await refresh(market, fresh.body.refresh_token)).toMatchObject({ status: 200 });
  });

  test("by many at once has one winner", async () => {
    const market = await startMarketplace();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => refresh(market, market.first.refreshToken)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(19);
  });

  test("is bound to the client and its secret", async () => {
    const market = await startMarketplace({ apps: [{ app: "rival" }] });
    const wrongSecret = await refresh(market, market.first.refreshToken, { client_secret: "wrong" });
    expect(wrongSecret).toMatchObject({ status: 400, body: { error: "invalid_client" } });
    const rival = market.apps.find(({ app }) => app === "rival");
    const foreign = await refresh(market, market.first.refreshToken, {
      client_id: rival?.clientId ?? "",
      client_secret: rival?.clientSecret ?? "",
    });
    expect(foreign).toMatchObject({ status: 400, body: INVALID_GRANT });
  });

  test("ends after six months", async () => {
    const market = await startMarketplace();
    market.clock.advance(183 * 86_400_000);
    expect(await refresh(market, market.first.refreshToken)).toMatchObject({
      status: 400,
      body: INVALID_GRANT,
    });
  });

  test.each([
    ["no grant type", {}, "invalid_request"],
    ["a grant type nobody knows", { grant_type: "password" }, "unsupported_grant_type"],
    ["no client", { grant_type: "refresh_token" }, "invalid_request"],
  ])("with %s is refused", async (_, form, error) => {
    const market = await startMarketplace();
    expect(await call(market.tokenUrl, "POST", { form })).toMatchObject({ status: 400, body: { error } });
  });

  test("takes its fields from a form only, not from JSON and not from the address", async () => {
    const market = await startMarketplace();
    const { clientId, clientSecret, refreshToken } = market.first;
    const fields = {
      grant_type: "refresh_token",
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: refreshToken,
    };
    expect(await call(market.tokenUrl, "POST", { body: fields })).toMatchObject({ status: 400 });
    const address = `${market.tokenUrl}?${new URLSearchParams(fields).toString()}`;
    expect(await call(address, "POST", { form: {} })).toMatchObject({ status: 400 });
    expect(await refresh(market, refreshToken)).toMatchObject({ status: 200 });
  });
});

describe("access tokens", () => {
  test("expire after six hours, or sooner if set so", async () => {
    const market = await startMarketplace();
    market.clock.advance(21_599_000);
    expect(await market.api("GET", "/users/me")).toMatchObject({ status: 200 });
    market.clock.advance(1_000);
    expect(await market.api("GET", "/users/me")).toMatchObject({ status: 401 });
    await market.sim("PUT", "/settings", { accessTokenTtlMs: 60_000 });
    const { body } = await refresh(market, market.first.refreshToken);
    expect(body.expires_in).toBe(60);
    market.clock.advance(60_000);
    expect(await market.api("GET", "/users/me", { token: body.access_token })).toMatchObject({ status: 401 });
  });

  test("are refused with the body of each service", async () => {
    const market = await startMarketplace();
    const token = "APP_USR-wrong";
    expect(await market.api("GET", "/users/me", { token })).toMatchObject({
      status: 401,
      body: { message: "invalid_token", error: "not_found", status: 401, cause: [] },
    });
    expect(await market.api("GET", "/orders/1", { token })).toMatchObject({
      status: 401,
      body: { code: "unauthorized", message: "invalid access token" },
    });
  });

  test("count in the header only", async () => {
    const market = await startMarketplace();
    const address = `${market.url}/users/me?access_token=${market.first.accessToken}`;
    expect(await call(address, "GET")).toMatchObject({
      status: 401,
      body: { code: "unauthorized", message: "authorization value not present" },
    });
  });

  test("of a seller who took the permission back are refused, and so is their refresh, until it is given again", async () => {
    const market = await startMarketplace();
    await market.sim("PUT", "/faults", { tokenRevoked: ["mx-1"] });
    expect(await market.api("GET", "/users/me")).toMatchObject({ status: 401 });
    expect(await refresh(market, market.first.refreshToken)).toMatchObject({
      status: 400,
      body: INVALID_GRANT,
    });
    expect(await market.api("GET", "/users/me", { token: market.second.accessToken })).toMatchObject({
      status: 200,
    });
    await market.sim("PUT", "/faults", {});
    expect(await market.api("GET", "/users/me")).toMatchObject({ status: 200 });
  });
});

describe("authorizing", () => {
  const redirectUri = "http://127.0.0.1:4040/oauth";
  const verifier = "a-verifier-of-forty-three-characters-or-more-0123";
  const challenge = createHash("sha256").update(verifier).digest("base64url");

  async function consent(market: TestMarketplace, more: Record<string, string> = {}) {
    const query = new URLSearchParams({
      response_type: "code",
      client_id: market.first.clientId,
      redirect_uri: redirectUri,
      state: "s-1",
      code_challenge: challenge,
      code_challenge_method: "S256",
      account: "mx-2",
      ...more,
    });
    return call(`${market.authorizationUrl}?${query.toString()}`, "GET");
  }

  function exchange(market: TestMarketplace, code: string, more: Record<string, string> = {}) {
    const { clientId, clientSecret } = market.first;
    const form = {
      grant_type: "authorization_code",
      client_id: clientId,
      client_secret: clientSecret,
      code,
      redirect_uri: redirectUri,
      ...more,
    };
    return call<TokenBody & { user_id: number }>(market.tokenUrl, "POST", { form });
  }

  async function codeOf(market: TestMarketplace): Promise<string> {
    const answer = await consent(market);
    expect(answer.status).toBe(302);
    const location = new URL(answer.headers.get("location") ?? "");
    expect(location.searchParams.get("state")).toBe("s-1");
    return location.searchParams.get("code") ?? "";
  }

  test("ends in a code that works once, with its verifier, for the account that agreed", async () => {
    const market = await startMarketplace({ apps: [{ app: "main", redirectUris: [redirectUri] }] });
    const code = await codeOf(market);
    const tokens = await exchange(market, code, { code_verifier: verifier });
    expect(tokens).toMatchObject({ status: 200, body: { user_id: market.second.userId } });
    expect(await exchange(market, code, { code_verifier: verifier })).toMatchObject({ body: INVALID_GRANT });
    // A new authorisation is the only valid one: the refresh token from before is dead.
    expect(await refresh(market, market.second.refreshToken)).toMatchObject({ body: INVALID_GRANT });
    expect(await refresh(market, tokens.body.refresh_token)).toMatchObject({ status: 200 });
  });

  test("asks for the verifier when PKCE is on, and for the right one", async () => {
    const market = await startMarketplace({ apps: [{ app: "main", redirectUris: [redirectUri] }] });
    const code = await codeOf(market);
    expect(await exchange(market, code)).toMatchObject({
      status: 400,
      body: { error: "invalid_request", error_description: "code_verifier is a required parameter" },
    });
    const wrong = await exchange(market, code, { code_verifier: "another" });
    expect(wrong).toMatchObject({ status: 400, body: INVALID_GRANT });
    expect(await consent(market, { code_challenge_method: "S512" })).toMatchObject({ status: 400 });
  });

  test("goes without PKCE where the app has it off", async () => {
    const apps = [{ app: "main", redirectUris: [redirectUri], pkceRequired: false }];
    const market = await startMarketplace({ apps });
    const query = new URLSearchParams({
      response_type: "code",
      client_id: market.first.clientId,
      redirect_uri: redirectUri,
    });
    const answer = await call(`${market.authorizationUrl}?${query.toString()}`, "GET");
    const code = new URL(answer.headers.get("location") ?? "").searchParams.get("code") ?? "";
    expect(await exchange(market, code)).toMatchObject({
      status: 200,
      body: { user_id: market.first.userId },
    });
  });

  test("refuses another redirect address, and a code that is ten minutes old", async () => {
    const market = await startMarketplace({ apps: [{ app: "main", redirectUris: [redirectUri] }] });
    expect(await consent(market, { redirect_uri: `${redirectUri}/x` })).toMatchObject({ status: 400 });
    const code = await codeOf(market);
    market.clock.advance(600_000);
    expect(await exchange(market, code, { code_verifier: verifier })).toMatchObject({ body: INVALID_GRANT });
  });
});
