import { describe, expect, it } from "vitest";

import {
  OTHER_SKU,
  passTime,
  startCallback,
  startTestShipHero,
  SUCCESS,
  webhookReport,
} from "./test-shiphero.ts";
import { find, listed, wired } from "./test-webhooks.ts";

const MINUTE_MS = 60_000;

describe("a delivery", () => {
  it.each([
    ["an error", { status: 500, body: "" }],
    ["another body than the expected one", { status: 200, body: "ok" }],
    ["a code of its own", { status: 200, body: '{"code":"500"}' }],
  ])("is tried again five times after %s, with one message id", async (_, answer) => {
    const { callback, vendor } = await wired();
    callback.answerWith = () => answer;
    await find(vendor);
    for (let n = 0; n < 8; n += 1) await passTime(vendor, 60 * MINUTE_MS);
    expect(callback.arrivals).toHaveLength(6);
    expect(new Set(callback.arrivals.map(({ headers }) => headers["x-shiphero-message-id"])).size).toBe(1);
    expect(await webhookReport(vendor)).toMatchObject({ pending: 0, counts: { attempts: 6, givenUp: 1 } });
  });

  it("takes the other documented answer too, and any body when told to", async () => {
    const { callback, vendor } = await wired();
    callback.answerWith = () => ({ status: 200, body: '{"code":"200","Message":"Success"}' });
    await find(vendor);
    await passTime(vendor, 10_000);
    await vendor.sim("PUT", "/settings", { webhooks: { bodyExpected: false } });
    callback.answerWith = () => ({ status: 204, body: "" });
    await find(vendor);
    await passTime(vendor, 10_000);
    expect(await webhookReport(vendor)).toMatchObject({ pending: 0, counts: { delivered: 2 } });
  });

  it("may have another message id at each try", async () => {
    const { callback, vendor } = await wired("Inventory Change", {
      settings: { webhooks: { messageIdPerAttempt: true } },
    });
    callback.answerWith = () => (callback.arrivals.length < 3 ? { status: 500, body: "" } : SUCCESS);
    await find(vendor);
    for (let n = 0; n < 3; n += 1) await passTime(vendor, 10 * MINUTE_MS);
    expect(new Set(callback.arrivals.map(({ headers }) => headers["x-shiphero-message-id"])).size).toBe(3);
  });

  it("is given up after the time for an answer", async () => {
    const { callback, vendor } = await wired("Inventory Change", {
      settings: { webhooks: { timeoutWallMs: 50 } },
    });
    callback.answerWith = () => null;
    await find(vendor);
    await passTime(vendor, 10_000);
    expect(await webhookReport(vendor)).toMatchObject({ pending: 1, counts: { attempts: 1, delivered: 0 } });
  });

  it("that fails without end warns first, then disables the webhook, and what happens then is never told", async () => {
    const { callback, vendor, webhook } = await wired("Inventory Change", {
      settings: { webhooks: { warningAfterFailures: 2, unhealthyAfterFailures: 4, retryWaitsMs: [] } },
    });
    callback.answerWith = () => ({ status: 500, body: "" });
    const healths: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      await find(vendor);
      await passTime(vendor, 10_000);
      healths.push((await listed(vendor))[0]?.health ?? "");
    }
    expect(healths).toEqual(["HEALTHY", "WARNING", "WARNING", "UNHEALTHY"]);
    expect((await listed(vendor))[0]).toMatchObject({ enabled: false });
    callback.answerWith = () => SUCCESS;
    await find(vendor);
    await passTime(vendor, 10_000);
    expect(callback.arrivals).toHaveLength(4);
    const enable = `mutation { webhook_enable(data: { webhook_id: "${webhook.id}" }) { webhook { enabled health } } }`;
    expect(await vendor.ask(enable)).toEqual({
      webhook_enable: { webhook: { enabled: true, health: "HEALTHY" } },
    });
    await find(vendor);
    await passTime(vendor, 10_000);
    expect(callback.arrivals.map(({ body }) => body.previous_on_hand)).toEqual([10, 11, 12, 13, 15]);
  });

  it("is healthy again after one that arrives", async () => {
    const { callback, vendor } = await wired("Inventory Change", {
      settings: { webhooks: { warningAfterFailures: 1, retryWaitsMs: [] } },
    });
    callback.answerWith = () => ({ status: 500, body: "" });
    await find(vendor);
    await passTime(vendor, 10_000);
    expect((await listed(vendor))[0]?.health).toBe("WARNING");
    callback.answerWith = () => SUCCESS;
    await find(vendor);
    await passTime(vendor, 10_000);
    expect((await listed(vendor))[0]?.health).toBe("HEALTHY");
  });
});

describe("a fault of delivery", () => {
  it("loses webhooks at the set rate, of one type or of all", async () => {
    const callback = await startCallback();
    const vendor = await startTestShipHero({ callbackUrl: callback.url });
    await vendor.sim("PUT", "/faults", { webhooks: { loss: 0.5, lossOf: { "Inventory Update": 1 } } });
    for (let n = 0; n < 60; n += 1) await find(vendor);
    await passTime(vendor, 10_000);
    expect(callback.ofType("Inventory Update")).toEqual([]);
    const arrived = callback.ofType("Inventory Change").length;
    expect(arrived).toBeGreaterThan(15);
    expect(arrived).toBeLessThan(45);
    expect((await webhookReport(vendor)).counts).toMatchObject({ lost: 120 - arrived });
  });

  it("leaves a gap that the figures before show", async () => {
    const { callback, vendor } = await wired();
    await vendor.sim("PUT", "/faults", { webhooks: { loss: 1 } });
    await find(vendor, 3);
    await vendor.sim("PUT", "/faults", {});
    await find(vendor, 1);
    await passTime(vendor, 10_000);
    expect(callback.arrivals.map(({ body }) => body)).toMatchObject([
      { previous_on_hand: 13, old_quantity: 13, quantity: 14 },
    ]);
  });

  it("sends twice, with the same id or another", async () => {
    const { callback, vendor } = await wired();
    const ids = () => callback.arrivals.map(({ headers }) => headers["x-shiphero-message-id"]);
    await vendor.sim("PUT", "/faults", { webhooks: { duplicate: 1 } });
    await find(vendor);
    await passTime(vendor, 10_000);
    expect(ids()).toHaveLength(2);
    expect(new Set(ids()).size).toBe(1);
    await vendor.sim("PUT", "/faults", { webhooks: { duplicateNewId: 1 } });
    await find(vendor);
    await passTime(vendor, 10_000);
    expect(ids()).toHaveLength(4);
    expect(new Set(ids()).size).toBe(3);
  });

  it("holds back, so that a later one overtakes", async () => {
    const { callback, vendor } = await wired();
    await vendor.sim("PUT", "/faults", { webhooks: { slow: 1, slowMs: 60_000 } });
    await find(vendor);
    await vendor.sim("PUT", "/faults", {});
    await find(vendor);
    await passTime(vendor, 10_000);
    await passTime(vendor, MINUTE_MS);
    expect(callback.arrivals.map(({ body }) => body.previous_on_hand)).toEqual([11, 10]);
  });

  it("mixes them up", async () => {
    const { callback, vendor } = await wired();
    await vendor.sim("PUT", "/faults", { webhooks: { reorder: 0.5, reorderMs: 600_000 } });
    for (let n = 0; n < 12; n += 1) {
      await find(vendor);
      await passTime(vendor, 10_000);
    }
    for (let n = 0; n < 12; n += 1) await passTime(vendor, MINUTE_MS);
    const told = callback.arrivals.map(({ body }) => Number(body.previous_on_hand));
    expect(told).toHaveLength(12);
    expect(told).not.toEqual(told.toSorted((a, b) => a - b));
  });

  it("silences a type that is registered", async () => {
    const callback = await startCallback();
    const vendor = await startTestShipHero({ callbackUrl: callback.url });
    await vendor.sim("PUT", "/faults", { webhooks: { silent: ["Inventory Change"] } });
    await vendor.act("find", { facility: "main", item: OTHER_SKU, units: 1, noticed: true });
    await passTime(vendor, 10_000);
    expect(callback.arrivals.map(({ body }) => body.webhook_type)).toEqual(["Inventory Update"]);
  });
});
