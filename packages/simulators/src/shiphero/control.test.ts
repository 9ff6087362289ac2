import { describe, expect, it } from "vitest";

import { SKU, startCallback, startTestShipHero } from "./test-shiphero.ts";

describe("the control calls", () => {
  it("lay buildings and units, and tell the account with its credentials", async () => {
    const { sim, account } = await startTestShipHero();
    const { status, body } = await sim("PUT", "/account", {
      warehouses: [{ facility: "south", identifier: "Secondary", legacyId: 76_733 }],
      items: [{ sku: "NEW", name: "New thing", units: { south: 3 } }],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      accountId: account.accountId,
      refreshToken: account.refreshToken,
      accessToken: expect.any(String),
      warehouses: [
        { facility: "main", identifier: "Primary" },
        { facility: "south", identifier: "Secondary", legacyId: 76_733, warehouseId: "V2FyZWhvdXNlOjc2NzMz" },
      ],
      items: expect.arrayContaining([expect.objectContaining({ sku: "NEW", facility: "south", onHand: 3 })]),
    });
    expect(await sim("GET", "/account")).toMatchObject({
      status: 200,
      body: { accountId: account.accountId },
    });
    expect(await sim("PUT", "/account", { items: [{ sku: "X", units: { main: -1 } }] })).toMatchObject({
      status: 400,
      body: { code: "invalid_request", message: expect.stringContaining("items.0.units.main") },
    });
  });

  it("tell what is shown beside what really is", async () => {
    const { sim, act } = await startTestShipHero();
    await act("lose", { facility: "main", item: SKU, units: 3 });
    expect((await sim("GET", "/truth")).body).toMatchObject({
      totals: { physicalUnits: 12, recordedUnits: 15, lost: 3 },
      shown: expect.arrayContaining([expect.objectContaining({ sku: SKU, onHand: 10 })]),
    });
  });

  it("set faults, settings and the clock, and refuse what they do not know", async () => {
    const { sim } = await startTestShipHero();
    expect((await sim("PUT", "/settings", { credits: { max: 10 } })).body).toMatchObject({
      credits: { max: 10, restorePerSecond: 60 },
    });
    expect((await sim("GET", "/settings")).body).toMatchObject({ credits: { max: 10 } });
    expect((await sim("PUT", "/settings", { credit: {} })).status).toBe(400);
    await sim("PUT", "/faults", { webhooks: { loss: 0.2 } });
    expect((await sim("GET", "/faults")).body).toMatchObject({ webhooks: { loss: 0.2 } });
    expect((await sim("POST", "/clock", { advanceMs: 1_000 })).body).toMatchObject({
      now: "2026-11-23T10:20:31.400Z",
    });
    expect(await sim("GET", "/nothing")).toMatchObject({ status: 404, body: { code: "unknown_call" } });
  });

  it("post any body to an address", async () => {
    const callback = await startCallback();
    const { sim } = await startTestShipHero();
    expect(
      (await sim("POST", "/notify", { url: callback.url, body: { webhook_type: "Nonsense" } })).body,
    ).toMatchObject({
      status: 200,
    });
    expect(callback.arrivals.map(({ body }) => body)).toEqual([{ webhook_type: "Nonsense" }]);
    expect((await sim("POST", "/notify", { url: "nowhere", body: {} })).status).toBe(400);
  });
});
