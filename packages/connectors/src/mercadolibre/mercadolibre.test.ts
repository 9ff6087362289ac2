import { describe, expect, it } from "vitest";

import { battery } from "../contract/testing/battery.ts";
import { MemoryTokenVault } from "../contract/testing/memory-token-vault.ts";
import { type SimulatorProcess, startSimulator } from "../contract/testing/simulator-process.ts";
import { mercadolibre } from "./connector.ts";
import { toError, toTokenError } from "./error.ts";
import itemWithVariations from "./fixtures/item-with-variations.json" with { type: "json" };
import itemsNotification from "./fixtures/notification-items.json" with { type: "json" };
import splitOrder from "./fixtures/order-pack-splitted.json" with { type: "json" };
import newShipment from "./fixtures/shipment-new-format.json" with { type: "json" };
import { PACK_SPLIT_GRACE_MS, toListingReadings, toOrderReading } from "./to-inbound.ts";
import { parseExternalId, toPushRequest } from "./to-push.ts";
import { orderSchema, shipmentSchema } from "./wire.ts";

const clock = { now: () => Date.now() };

const externalId = "MLM1000000001";

async function start(): Promise<SimulatorProcess> {
  const simulator = await startSimulator("mercadolibre", 7);
  const listings = [{ listing: externalId, title: "Knee brace M", sellerSku: "KB-M", availableQuantity: 40 }];
  await simulator.control("PUT", "/_sim/accounts", { accounts: [{ account: "mx-1", listings }] });
  return simulator;
}

/** Every test spends refresh tokens, so the one in force is asked for each time. */
async function open(simulator: SimulatorProcess, timeoutMs: number) {
  const described = (await simulator.control("GET", "/_sim/accounts")) as unknown as SimulatorProcess;
  const account = described.accounts.find((one) => one.account === "mx-1");
  if (account === undefined) throw new Error("the simulator has the account mx-1");
  const opened = mercadolibre.connect({
    connection: "meli-mx",
    settings: { baseUrl: simulator.url, tokenUrl: simulator.tokenUrl, accountId: account.userId, timeoutMs },
    credentials: { clientId: account.clientId, clientSecret: account.clientSecret },
    tokens: new MemoryTokenVault(account.refreshToken, clock),
    clock,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

battery({
  kind: mercadolibre,
  start,
  open,
  listing: { externalId, control: { account: "mx-1", listing: externalId } },
  unknownListing: "MLM999999999999",
  unknownOrder: "999999999999999",
  endpoints: { write: "PUT /items/:id", read: "GET /items/bulk" },
});

describe("an order's state", () => {
  const paid = {
    ...splitOrder,
    status: "paid",
    cancel_detail: null,
    tags: ["paid", "not_delivered"],
    last_updated: "2026-09-09T19:56:33.000-04:00",
  };
  const now = Date.parse("2026-09-10T12:00:00Z");

  const read = (order: object, shipment: object | "none" | "unread" = "none", at = now) => {
    const parcel = typeof shipment === "string" ? shipment : shipmentSchema.parse(shipment);
    return toOrderReading("meli-ar", { order: orderSchema.parse(order), shipment: parcel }, at);
  };
  const counts = (order: object, shipment: object | "none" | "unread" = "none") => {
    const { report } = read(order, shipment);
    const [line] = report.lines;
    return [report.status, line?.cancelled, line?.shipped, line?.returning];
  };
  const parcel = (status: string, substatus: string | null = null) => ({ ...newShipment, status, substatus });

  it.each([
    ["confirmed", null, "pending"],
    ["payment_required", null, "pending"],
    ["payment_in_process", null, "pending"],
    ["a status of tomorrow", null, "pending"],
    ["confirmed", "2026-09-09T19:56:33.000-04:00", "paid"],
    ["paid", "2026-09-09T19:56:33.000-04:00", "paid"],
    ["partially_paid", null, "paid"],
    ["partially_refunded", "2026-09-09T19:56:33.000-04:00", "paid"],
    ["pending_cancel", "2026-09-09T19:56:33.000-04:00", "paid"],
  ])("%s, closed at %s, is %s", (status, closed, expected) => {
    expect(counts({ ...paid, status, date_closed: closed })).toEqual([expected, 0, 0, 0]);
  });

  it("tells line, listing, times and who ships", () => {
    expect(read(paid, newShipment).report).toEqual({
      channel: "meli-ar",
      orderId: "2000018378699734",
      status: "paid",
      updatedAt: Date.parse("2026-09-10T07:58:00Z"),
      placedAt: Date.parse("2026-09-09T23:55:52Z"),
      lines: [
        {
          lineId: "MLA1145397784",
          listing: "MLA1145397784",
          quantity: 1,
          fulfilledBy: "seller",
          cancelled: 0,
          shipped: 0,
          returning: 0,
        },
      ],
      doNotShip: false,
    });
  });

  it("names a variation by item and variation", () => {
    const [item] = paid.order_items;
    const order = { ...paid, order_items: [{ ...item, item: { id: "MLM1", variation_id: 178001 } }] };
    expect(read(order).report.lines).toMatchObject([{ lineId: "MLM1:178001", listing: "MLM1:178001" }]);
  });

  it("keeps a sale of Full out of the pool", () => {
    const full = { ...newShipment, logistic: { ...newShipment.logistic, type: "fulfillment" } };
    expect(read(paid, full).report.lines).toMatchObject([{ fulfilledBy: "channel" }]);
    const oldShape = { ...newShipment, logistic: undefined, logistic_type: "fulfillment" };
    expect(read(paid, oldShape).report.lines).toMatchObject([{ fulfilledBy: "channel" }]);
  });

  it.each([
    ["ready_to_ship", "printed", ["paid", 0, 0, 0]],
    ["ready_to_ship", "picked_up", ["shipped", 0, 1, 0]],
    ["shipped", "out_for_delivery", ["shipped", 0, 1, 0]],
    ["delivered", null, ["shipped", 0, 1, 0]],
    ["not_delivered", "returning_to_sender", ["shipped", 0, 1, 1]],
    ["not_delivered", "stolen", ["shipped", 0, 1, 0]],
  ])("paid, its parcel %s/%s", (status, substatus, expected) => {
    expect(counts(paid, parcel(status, substatus))).toEqual(expected);
  });

  const cancelled = {
    ...paid,
    status: "cancelled",
    cancel_detail: {
      code: "buyer_cancel_express",
      requested_by: "buyer",
      date: "2026-09-10T03:23:16.000-04:00",
    },
  };

  it.each([
    ["cancelled", null, ["cancelled", 1, 0, 0]],
    ["ready_to_ship", "printed", ["cancelled", 1, 0, 0]],
    ["ready_to_ship", "picked_up", ["cancelled", 1, 1, 1]],
    ["shipped", null, ["cancelled", 1, 1, 1]],
    ["not_delivered", "returning_to_sender", ["cancelled", 1, 1, 1]],
    ["not_delivered", "lost", ["shipped", 0, 1, 0]],
    ["delivered", null, ["shipped", 0, 1, 0]],
  ])("cancelled, its parcel %s/%s", (status, substatus, expected) => {
    expect(counts(cancelled, parcel(status, substatus))).toEqual(expected);
  });

  it("knows a cancellation by when it happened and whether stock was missing", () => {
    expect(read(cancelled).report).toMatchObject({
      closedAt: Date.parse("2026-09-10T07:23:16Z"),
      cancelReason: "other",
    });
    const detail = {
      ...cancelled.cancel_detail,
      code: "feedback_unavailable_product",
      requested_by: "seller",
    };
    expect(read({ ...cancelled, cancel_detail: detail }).report.cancelReason).toBe("no_stock");
  });

  it("takes an order refunded to the wallet as cancelled, although it stays paid", () => {
    expect(counts({ ...paid, tags: ["paid", "unfulfilled"] })).toEqual(["cancelled", 1, 0, 0]);
  });

  it("marks suspected fraud as not to be shipped", () => {
    expect(read({ ...paid, tags: ["paid", "fraud_risk_detected"] }).report.doNotShip).toBe(true);
  });

  it("holds the units of a split pack until the orders that replace it had time to arrive", () => {
    const cancelledAt = Date.parse("2026-09-10T07:23:16Z");
    const early = read(splitOrder, "none", cancelledAt + 60_000);
    expect(early).toMatchObject({
      report: { status: "paid", lines: [{ cancelled: 0 }] },
      readAgainAfterMs: PACK_SPLIT_GRACE_MS - 60_000,
    });
    const late = read(splitOrder, "none", cancelledAt + PACK_SPLIT_GRACE_MS);
    expect(late).toMatchObject({
      report: { status: "cancelled", lines: [{ cancelled: 1 }] },
      readAgainAfterMs: null,
    });
    expect(late.report.updatedAt).toBe(early.report.updatedAt);
  });

  it("yields, read without its shipment, to the same order read with it", () => {
    const without = read(paid, "unread");
    expect(without.readAgainAfterMs).toBeGreaterThan(0);
    expect(without.report.updatedAt).toBeLessThan(read(paid, "none").report.updatedAt ?? 0);
  });
});

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

describe("a listing", () => {
  const asked = ["MLM1000000002"];
  const rows = [{ status_code: 200, body: itemWithVariations as unknown }];
  const reading = (externalId: string, accountId = "100200300", answer = rows) =>
    toListingReadings([parseExternalId(externalId)], [externalId], { asked, rows: answer, accountId })[0];

  it("of a variation shows that variation's number", () => {
    expect(reading("MLM1000000002:178002")).toMatchObject({
      ok: true,
      value: { quantity: 7, isBuyable: true, notWritable: null },
    });
    expect(reading("MLM1000000002:1")).toMatchObject({ ok: false, error: { kind: "not_found" } });
  });

  it("of a whole item with variations cannot be written", () => {
    expect(reading("MLM1000000002")).toMatchObject({ ok: true, value: { quantity: 12 } });
    expect(reading("MLM1000000002")).not.toMatchObject({ value: { notWritable: null } });
  });

  it("of another account is no reading, since its number is rounded", () => {
    expect(reading("MLM1000000002:178002", "1")).toMatchObject({ ok: false, error: { kind: "rejected" } });
  });

  it("that came back unreadable is unknown, not gone and not 0", () => {
    const broken = [{ status_code: 500, body: { message: "internal" } as unknown }];
    expect(reading("MLM1000000002", "100200300", broken)).toMatchObject({
      ok: false,
      error: { kind: "transient" },
    });
  });

  it("is written alone, without a price and without its siblings", () => {
    expect(toPushRequest({ externalId: "MLM1", quantity: 3 })).toEqual({
      ok: true,
      value: { method: "PUT", path: "/items/MLM1", json: { available_quantity: 3 } },
    });
    expect(toPushRequest({ externalId: "MLM1:178001", quantity: 0 })).toEqual({
      ok: true,
      value: { method: "PUT", path: "/items/MLM1/variations/178001", json: { available_quantity: 0 } },
    });
  });

  it.each(["", "MLM", "mlm1", "MLM1/..", "MLM1:", "MLM1:a", "MLM1:1:2"])("is not named %j", (externalId) => {
    expect(toPushRequest({ externalId, quantity: 3 })).toMatchObject({
      ok: false,
      error: { kind: "rejected" },
    });
  });
});

describe("an error", () => {
  const answer = (status: number, body: unknown, retryAfter: string | null = null) => ({
    status,
    body,
    retryAfter,
    now: Date.parse("2026-11-23T10:00:00Z"),
  });

  it.each([
    [429, "local_rate_limited", "throttled"],
    [429, { message: "client.id over quota", error: "too_many_requests", status: 429 }, "throttled"],
    [401, { code: "unauthorized", message: "invalid access token" }, "auth"],
    [403, { status: 403, error: "access_denied", code: "FORBIDDEN" }, "rejected"],
    [403, { code: "PA_UNAUTHORIZED_RESULT_FROM_POLICIES", message: "x" }, "auth"],
    [
      404,
      { message: "Item with id MLA1 not found", error: "not_found", status: 404, cause: [] },
      "not_found",
    ],
    [409, { message: "item optimistic locking error: conflict", status: 409, cause: [] }, "transient"],
    [400, { message: "Validation error", error: "validation_error", status: 400 }, "rejected"],
    [502, "<html>Bad gateway</html>", "transient"],
  ])("of status %s with %j is %s", (status, body, kind) => {
    expect(toError(answer(status, body)).kind).toBe(kind);
  });

  it("says the most telling words it was given", () => {
    const cause = [
      { code: "item.available_quantity.not_modifiable", message: "Available quantity is not modifiable" },
    ];
    expect(
      toError(answer(400, { message: "Validation error", error: "validation_error", cause })),
    ).toMatchObject({
      code: "item.available_quantity.not_modifiable",
      message: "MercadoLibre answered 400: Available quantity is not modifiable",
    });
  });

  it("reads Retry-After as seconds and as a time", () => {
    expect(toError(answer(429, "", "3")).retryAfterMs).toBe(3_000);
    expect(toError(answer(429, "", "Mon, 23 Nov 2026 10:00:07 GMT")).retryAfterMs).toBe(7_000);
    expect(toError(answer(429, "", "soon"))).not.toHaveProperty("retryAfterMs");
  });

  it("of the token endpoint means that a person has to connect again, unless the server stumbled", () => {
    expect(toTokenError(answer(400, { error: "invalid_grant" }))).toMatchObject({
      kind: "auth",
      code: "invalid_grant",
    });
    expect(toTokenError(answer(401, { code: "unauthorized", message: "invalid access token" })).kind).toBe(
      "transient",
    );
    expect(toTokenError(answer(429, "")).kind).toBe("throttled");
    expect(toTokenError(answer(503, "")).kind).toBe("transient");
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
});
