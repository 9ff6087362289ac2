import { describe, expect, it } from "vitest";

import { MemoryTokenVault } from "../contract/testing/memory-token-vault.ts";
import { mercadolibre } from "./connector.ts";
import itemsNotification from "./fixtures/notification-items.json" with { type: "json" };

const clock = { now: () => Date.now() };

describe("a notification", () => {
  it("points at a resource that is rebuilt from its id", () => {
    expect(mercadolibre.readNotification(itemsNotification)).toEqual({
      kind: "notice",
      accountId: "100200300",
      notice: {
        topic: "items",
        resource: "/items/MLA3510129282",
        about: { kind: "listing", externalId: "MLA3510129282" },
      },
      happenedAt: Date.parse("2026-10-06T13:23:06.116Z"),
    });
  });

  it("may come with the account as text and the time misspelt", () => {
    const { received: _, ...rest } = itemsNotification;
    const retried = { ...rest, user_id: "100200300", recieved: "2026-10-06T13:23:06.116000000Z" };
    expect(mercadolibre.readNotification(retried)).toMatchObject({
      accountId: "100200300",
      happenedAt: Date.parse("2026-10-06T13:23:06.116Z"),
    });
  });

  it.each([
    ["shipments", "/shipments/47976892759", { kind: "order", orderId: "shipment:47976892759" }],
    ["post_purchase", "/post-purchase/v1/claims/5298893", { kind: "order", orderId: "claim:5298893" }],
    [
      "stock-locations",
      "/user-products/MLAU245334053/stock",
      { kind: "listing", externalId: "MLAU245334053" },
    ],
  ])("of topic %s pointing at %s is followed", (topic, resource, about) => {
    const { received: _, _id, ...rest } = itemsNotification;
    const said = { ...rest, id: _id, topic, resource };
    expect(mercadolibre.readNotification(said)).toMatchObject({ notice: { topic, resource, about } });
    expect(mercadolibre.noticeOf(topic, resource)).toEqual({ topic, resource, about });
  });

  it("of a topic as the documentation prints it is the live one", () => {
    const resource = "/user-products/MLAU245334053/stock";
    expect(mercadolibre.noticeOf("stock-location", resource)).toEqual(
      mercadolibre.noticeOf("stock-locations", resource),
    );
  });

  it.each([
    ["shipments", "/shipments/1/items"],
    ["stock-locations", "/user-products/MLAU1/stock/../../users/me"],
    ["stock-locations", "/user-products/MLA1/stock"],
    ["orders_v2", "/orders/1/../../users/me"],
    ["orders_v2", "/orders/1?x=1"],
    ["orders_v2", "//evil.example/orders/1"],
    ["orders_v2", "http://evil.example/orders/1"],
    ["orders_v2", "/orders/1\n"],
    ["items", "/orders/1"],
    ["items", "/items/MLM1/../.."],
    ["__proto__", "/orders/1"],
    ["constructor", "/orders/1"],
    ["claims", "/claims/1"],
  ])("of topic %s pointing at %s is left alone", (topic, resource) => {
    expect(mercadolibre.readNotification({ ...itemsNotification, topic, resource })).toMatchObject({
      kind: "ignored",
    });
    expect(mercadolibre.noticeOf(topic, resource)).toBeNull();
  });
});

describe("a connection", () => {
  const access = {
    connection: "meli-mx",
    settings: {},
    credentials: { clientId: "1", clientSecret: "s" },
    tokens: new MemoryTokenVault("TG-1", clock),
    clock,
  };

  it("names the setting that is wrong", () => {
    expect(mercadolibre.connect({ ...access, settings: { baseUrl: "api" } })).toMatchObject({
      ok: false,
      error: { kind: "auth", code: "wrong_settings", message: expect.stringContaining("baseUrl") },
    });
    expect(mercadolibre.connect({ ...access, credentials: null })).toMatchObject({
      ok: false,
      error: { kind: "auth", code: "wrong_credentials" },
    });
  });

  it("compares writes only once a probe has shown that a sale moves the version", () => {
    expect(mercadolibre.capabilityOf?.({})).toEqual(mercadolibre.capability);
    expect(mercadolibre.capability.compareAndSet).toBe(false);
    expect(mercadolibre.capabilityOf?.({ salesMoveVersion: true }).compareAndSet).toBe(true);
    expect(mercadolibre.capabilityOf?.({ salesMoveVersion: "yes" }).compareAndSet).toBe(false);
  });
});

describe("the page on which a seller consents", () => {
  const pageFor = (settings: object, credentials: unknown = { clientId: "1", clientSecret: "s" }) =>
    mercadolibre.authorization?.urlOf({
      settings,
      credentials,
      redirectUri: "https://onepool.example/oauth/mercadolibre/callback",
      state: "a state&more",
      codeChallenge: "challenge",
    });
  const hrefFor = (settings: object): string => {
    const page = pageFor(settings);
    return page?.ok === true ? `${page.value.origin}${page.value.pathname}` : "";
  };

  it.each([
    [{ siteId: "MLM" }, "https://auth.mercadolibre.com.mx/authorization"],
    [{ siteId: "MLB" }, "https://auth.mercadolivre.com.br/authorization"],
    [{ siteId: "MLC" }, "https://auth.mercadolibre.cl/authorization"],
    [{ baseUrl: "http://127.0.0.1:9201" }, "http://127.0.0.1:9201/authorization"],
    [{ authorizeUrl: "https://elsewhere.example/ask" }, "https://elsewhere.example/ask"],
  ])("of %j is %s", (settings, href) => {
    expect(hrefFor(settings)).toBe(href);
  });

  it("is asked with a challenge, never with a secret", () => {
    const page = pageFor({ siteId: "MLM" });
    expect(page?.ok === true && Object.fromEntries(page.value.searchParams)).toEqual({
      response_type: "code",
      client_id: "1",
      redirect_uri: "https://onepool.example/oauth/mercadolibre/callback",
      state: "a state&more",
      code_challenge: "challenge",
      code_challenge_method: "S256",
    });
  });

  it("is not known without the country or the app", () => {
    expect(pageFor({})).toMatchObject({
      error: { code: "wrong_settings", message: expect.stringContaining("MLM") },
    });
    expect(pageFor({ siteId: "XYZ" })).toMatchObject({ error: { code: "wrong_settings" } });
    expect(pageFor({ siteId: "MLM" }, null)).toMatchObject({ error: { code: "wrong_credentials" } });
  });
});
