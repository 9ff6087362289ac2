import { describe, expect, it } from "vitest";

import { startTestShipHero, type TestShipHero } from "./test-shiphero.ts";

const DAY_MS = 24 * 3_600_000;
const ME = "{ me { request_id data { id account { id warehouses { id legacy_id identifier } } } } }";

async function refresh({ tokenUrl, account }: TestShipHero, token = account.refreshToken) {
  const response = await fetch(tokenUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ refresh_token: token }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe("tokens", () => {
  it("are refreshed for 28 days, and the refresh token stays", async () => {
    const vendor = await startTestShipHero();
    const { status, body } = await refresh(vendor);
    expect(status).toBe(200);
    expect(body).toMatchObject({ expires_in: 2_419_200, token_type: "Bearer" });
    expect(body).not.toHaveProperty("refresh_token");
    await vendor.sim("POST", "/clock", { advanceMs: 28 * DAY_MS - 1 });
    expect((await vendor.graphql(ME, {}, String(body.access_token))).status).toBe(200);
    await vendor.sim("POST", "/clock", { advanceMs: 1 });
    expect((await vendor.graphql(ME, {}, String(body.access_token))).status).toBe(401);
    expect((await refresh(vendor)).status).toBe(200);
  });

  it("are had with name and password too, with the refresh token", async () => {
    const { url, account } = await startTestShipHero();
    const login = async (password: string) => {
      const response = await fetch(`${url}/auth/token`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ username: account.username, password }),
      });
      return { status: response.status, body: await response.json() };
    };
    expect(await login(account.password)).toMatchObject({
      status: 200,
      body: { refresh_token: account.refreshToken },
    });
    expect(await login("wrong")).toMatchObject({ status: 403, body: { error: "invalid_grant" } });
  });

  it("that are none are refused", async () => {
    const vendor = await startTestShipHero();
    expect((await vendor.graphql(ME, {}, "nonsense")).status).toBe(401);
    expect(await refresh(vendor, "nonsense")).toMatchObject({
      status: 403,
      body: { error: "invalid_grant" },
    });
  });

  it("can be revoked", async () => {
    const vendor = await startTestShipHero();
    await vendor.sim("PUT", "/faults", { tokenRevoked: true });
    expect((await vendor.graphql(ME)).status).toBe(401);
    expect((await refresh(vendor)).status).toBe(403);
    await vendor.sim("PUT", "/faults", {});
    expect((await vendor.graphql(ME)).status).toBe(200);
  });

  it("say who one is, and which buildings there are", async () => {
    const { ask, account, warehouseId } = await startTestShipHero();
    const answer = await ask(ME);
    expect(answer).toEqual({
      me: {
        request_id: expect.stringMatching(/^[0-9a-f]{24}$/),
        data: {
          id: expect.any(String),
          account: {
            id: account.accountId,
            warehouses: [
              { id: warehouseId, legacy_id: account.warehouses[0]?.legacyId, identifier: "Primary" },
            ],
          },
        },
      },
    });
    expect(Buffer.from(warehouseId, "base64").toString()).toBe(
      `Warehouse:${account.warehouses[0]?.legacyId}`,
    );
  });
});
