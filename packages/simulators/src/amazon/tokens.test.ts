import { request } from "node:http";

import { describe, expect, test } from "vitest";

import { call, SKU, startTestAmazon, type TestAmazon, US } from "./test-amazon.ts";

interface TokenBody {
  access_token: string;
  expires_in: number;
  refresh_token?: string;
  error?: string;
}

const refused = (details: string) => ({
  status: 403,
  body: {
    errors: [{ code: "Unauthorized", message: "Access to requested resource is denied.", details }],
  },
});
const revoked = refused("The access token you provided is revoked, malformed or invalid.");

const client = ({ first }: TestAmazon): { client_id: string; client_secret: string } => ({
  client_id: first.clientId,
  client_secret: first.clientSecret,
});

const askToken = (amazon: TestAmazon, form: Record<string, string>) =>
  call<TokenBody>(amazon.tokenUrl, "POST", { form });

const refresh = (amazon: TestAmazon) =>
  askToken(amazon, {
    grant_type: "refresh_token",
    refresh_token: amazon.first.refreshToken,
    ...client(amazon),
  });

const participations = "/sellers/v1/marketplaceParticipations";

describe("the token endpoint", () => {
  test("takes a form and JSON, and gives the same refresh token back", async () => {
    const amazon = await startTestAmazon();
    const { refreshToken } = amazon.first;
    const form = { grant_type: "refresh_token", refresh_token: refreshToken, ...client(amazon) };
    const byForm = await askToken(amazon, form);
    const byJson = await call<TokenBody>(amazon.tokenUrl, "POST", { body: form });
    for (const { status, body } of [byForm, byJson]) {
      expect(status).toBe(200);
      expect(body).toEqual({
        access_token: expect.stringMatching(/^Atza\|/),
        token_type: "bearer",
        expires_in: 3600,
        refresh_token: refreshToken,
      });
    }
    expect(byForm.body.access_token).not.toBe(byJson.body.access_token);
    const read = await amazon.api("GET", participations, { token: byForm.body.access_token });
    expect(read.status).toBe(200);
  });

  test("refuses wrong clients, unknown refresh tokens and other grants", async () => {
    const amazon = await startTestAmazon();
    const right = {
      grant_type: "refresh_token",
      refresh_token: amazon.first.refreshToken,
      ...client(amazon),
    };
    const cases: [Record<string, string>, number, string][] = [
      [{ ...right, client_secret: "wrong" }, 401, "invalid_client"],
      [{ ...right, client_id: "nobody" }, 401, "invalid_client"],
      [{ ...right, refresh_token: "Atzr|made-up" }, 400, "invalid_grant"],
      [{ ...right, grant_type: "password" }, 400, "unsupported_grant_type"],
      [{ ...right, extra: "1" }, 400, "invalid_request"],
      [{ grant_type: "refresh_token", ...client(amazon) }, 400, "invalid_request"],
      [{ grant_type: "client_credentials", ...client(amazon) }, 400, "invalid_request"],
      [{ grant_type: "client_credentials", scope: "all", ...client(amazon) }, 400, "invalid_scope"],
      [{}, 400, "invalid_request"],
    ];
    for (const [form, status, error] of cases) {
      expect(await askToken(amazon, form)).toMatchObject({ status, body: { error } });
    }
  });

  test("a refresh token works for its own app only", async () => {
    const amazon = await startTestAmazon();
    const { body } = await amazon.sim<{ apps: { app: string; clientId: string; clientSecret: string }[] }>(
      "PUT",
      "/accounts",
      { apps: [{ app: "other" }] },
    );
    const other = body.apps.find(({ app }) => app === "other");
    const answer = await askToken(amazon, {
      grant_type: "refresh_token",
      refresh_token: amazon.first.refreshToken,
      client_id: other?.clientId ?? "",
      client_secret: other?.clientSecret ?? "",
    });
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  test("a revoked account gets invalid_grant, and its tokens 403, until it is taken out again", async () => {
    const amazon = await startTestAmazon();
    await amazon.sim("PUT", "/faults", { tokenRevoked: ["us-1"] });
    expect(await refresh(amazon)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(await amazon.api("GET", participations)).toMatchObject(revoked);
    const other = await amazon.api("GET", participations, { token: amazon.second.accessToken });
    expect(other.status).toBe(200);
    await amazon.sim("PUT", "/faults", {});
    expect(await refresh(amazon)).toMatchObject({ status: 200 });
    expect(await amazon.api("GET", participations)).toMatchObject({ status: 200 });
  });
});

describe("the access token", () => {
  test("ends after an hour; an older one is good until its own end", async () => {
    const amazon = await startTestAmazon();
    amazon.clock.advance(1_800_000);
    const later = (await refresh(amazon)).body.access_token;
    expect((await amazon.api("GET", participations)).status).toBe(200);
    amazon.clock.advance(1_800_000);
    expect(await amazon.api("GET", participations)).toMatchObject(
      refused("The access token you provided has expired."),
    );
    expect((await amazon.api("GET", participations, { token: later })).status).toBe(200);
  });

  test("is required, and must be known", async () => {
    const amazon = await startTestAmazon();
    expect(await call(amazon.url + participations, "GET")).toMatchObject(
      refused("Access token is missing in the request header."),
    );
    expect(await amazon.api("GET", participations, { token: "Atza|made-up" })).toMatchObject(revoked);
  });

  test("a grantless token does not open a seller's operation", async () => {
    const amazon = await startTestAmazon();
    const scope = "sellingpartnerapi::notifications";
    const grant = await askToken(amazon, { grant_type: "client_credentials", scope, ...client(amazon) });
    expect(grant).toMatchObject({ status: 200, body: { expires_in: 3600 } });
    expect(grant.body.refresh_token).toBeUndefined();
    const answer = await amazon.api("GET", participations, { token: grant.body.access_token });
    expect(answer).toMatchObject(revoked);
  });

  test("opens its own seller's listings only", async () => {
    const amazon = await startTestAmazon();
    const path = `/listings/2021-08-01/items/${amazon.second.sellerId}/${SKU}?marketplaceIds=${US}`;
    expect((await amazon.api("GET", path)).status).toBe(403);
    expect((await amazon.api("GET", path, { token: amazon.second.accessToken })).status).toBe(200);
  });
});

test("a call without user agent is refused", async () => {
  const amazon = await startTestAmazon();
  // fetch always sends a user agent, so this one goes by hand.
  const status = await new Promise((resolve, reject) => {
    const headers = { "x-amz-access-token": amazon.first.accessToken };
    const sent = request(amazon.url + participations, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject);
    sent.end();
  });
  expect(status).toBe(400);
});

test("every answer has a request id, and an unknown path is denied", async () => {
  const amazon = await startTestAmazon();
  const one = await amazon.api("GET", participations);
  const two = await amazon.api("GET", participations);
  const ids = [one, two].map(({ headers }) => headers.get("x-amzn-requestid"));
  expect(new Set(ids).size).toBe(2);
  expect(ids).not.toContain(null);
  // The reads of Orders v0 are deprecated and not answered here.
  for (const path of ["/orders/v0/orders", "/nothing"]) {
    expect(await amazon.api("GET", path)).toMatchObject(refused(""));
  }
});
