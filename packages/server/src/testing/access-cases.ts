import { type AccessCase, missing, none, RECORDED } from "./access-case.ts";
import { keeperAccessCases } from "./keeper-access-cases.ts";

/** A case for every address of the API, by method and address as the router knows them. */
export function callerKeyCases(): Readonly<Record<string, AccessCase>> {
  return {
    ...mapCases(),
    ...stockCases(),
    ...inboundCases(),
    ...listCases(),
    ...keeperAccessCases(),
    ...pluginCases(),
  };
}

function mapCases(): Record<string, AccessCase> {
  return {
    "PUT /v1/skus/:sku": {
      path: "/v1/skus/KB-M",
      body: { title: "Stolen" },
      needs: "operate",
      foreign: RECORDED,
    },
    "GET /v1/skus/:sku": {
      path: "/v1/skus/KB-M",
      needs: "read",
      foreign: { status: 200, body: { title: "Stolen", onHand: 0 } },
      sees: ["/v1/skus/KB-M"],
    },
    "PUT /v1/locations/:code": {
      path: "/v1/locations/3pl",
      body: { title: "X" },
      needs: "operate",
      foreign: RECORDED,
    },
    "GET /v1/locations/:code": {
      path: "/v1/locations/3pl",
      needs: "read",
      foreign: { status: 200, body: { title: "X" } },
      sees: ["/v1/locations/3pl"],
    },
    "PUT /v1/connections/:code": {
      path: "/v1/connections/meli",
      body: { mode: "live" },
      needs: "admin",
      foreign: { status: 400, body: { field: "kind" } },
    },
    "POST /v1/connections/:code/authorize": {
      path: "/v1/connections/meli/authorize",
      body: {},
      needs: "admin",
      foreign: missing("unknown_connection"),
    },
    "GET /v1/connections/:code": {
      path: "/v1/connections/meli",
      needs: "read",
      foreign: missing("unknown_connection"),
      sees: ["/v1/connections/meli"],
    },
    "GET /v1/connections/:code/preview": {
      path: "/v1/connections/meli/preview",
      needs: "read",
      foreign: missing("unknown_connection"),
      sees: ["/v1/connections/meli/preview"],
    },
    "PUT /v1/listings/:connection/:externalId": {
      path: "/v1/listings/meli/MLM1",
      body: { buffer: 3 },
      needs: "operate",
      foreign: missing("unknown_connection"),
    },
    "GET /v1/listings/:connection/:externalId": {
      path: "/v1/listings/meli/MLM1",
      needs: "read",
      foreign: missing("unknown_listing"),
      sees: ["/v1/listings/meli/MLM1"],
    },
  };
}

/** The other seller's own, once put, are all it sees. */
function inboundCases(): Record<string, AccessCase> {
  const own = { inboundId: "PO-1", location: "3pl", lines: [{ sku: "KB-M", expected: 1 }] };
  return {
    "PUT /v1/inbounds/:inboundId": {
      path: "/v1/inbounds/PO-1",
      body: { location: "3pl", lines: [{ sku: "KB-M", units: 1 }] },
      needs: "operate",
      foreign: RECORDED,
    },
    "GET /v1/inbounds/:inboundId": {
      path: "/v1/inbounds/PO-1",
      needs: "read",
      foreign: { status: 200, body: own },
      sees: ["/v1/inbounds/PO-1"],
    },
    "GET /v1/inbounds": {
      path: "/v1/inbounds",
      needs: "read",
      foreign: { status: 200, body: { inbounds: [own] } },
      sees: ["/v1/inbounds"],
    },
  };
}

function stockCases(): Record<string, AccessCase> {
  const receipt = { kind: "receipt", sku: "KB-M", location: "main", units: 1, externalId: "r-1" };
  const cancelled = {
    channel: "web",
    orderId: "A-1",
    status: "cancelled",
    lines: [{ lineId: "1", sku: "KB-M", quantity: 6 }],
  };
  const hold = { reservationId: "cart-1", lines: [{ sku: "KB-M", units: 1 }], ttlSeconds: 60 };
  return {
    "POST /v1/movements": {
      path: "/v1/movements",
      // The first seller used this externalId for other content.
      body: { movements: [receipt] },
      needs: "operate",
      foreign: { status: 200, body: { results: [{ ok: true }] } },
    },
    "GET /v1/skus/:sku/availability": {
      path: "/v1/skus/KB-M/availability",
      needs: "read",
      foreign: { status: 200, body: { onHand: 1, committed: 0, listings: [] } },
      sees: ["/v1/skus/KB-M/availability"],
    },
    "GET /v1/skus/:sku/explain": {
      path: "/v1/skus/KB-M/explain",
      needs: "read",
      foreign: { status: 200, body: { onHand: 1, entries: [{ kind: "receipt" }] } },
      sees: ["/v1/skus/KB-M/explain"],
    },
    "GET /v1/orders/:channel/:orderId": {
      path: "/v1/orders/web/A-1",
      needs: "read",
      foreign: missing("unknown_order"),
      sees: ["/v1/orders/web/A-1"],
    },
    "POST /v1/orders/:channel/:orderId/remap": {
      path: "/v1/orders/web/A-1/remap",
      body: {},
      needs: "operate",
      foreign: missing("unknown_order"),
    },
    "POST /v1/orders": {
      path: "/v1/orders",
      body: { orders: [cancelled] },
      needs: "operate",
      foreign: { status: 200, body: { results: [{ ok: true }] } },
    },
    "GET /v1/reservations/:reservationId": {
      path: "/v1/reservations/cart-1",
      needs: "read",
      foreign: missing("unknown_reservation"),
      sees: ["/v1/reservations/cart-1"],
    },
    "POST /v1/reservations/:reservationId/commit": {
      path: "/v1/reservations/cart-1/commit",
      needs: "operate",
      foreign: missing("unknown_reservation"),
    },
    "POST /v1/reservations/:reservationId/release": {
      path: "/v1/reservations/cart-1/release",
      needs: "operate",
      foreign: missing("unknown_reservation"),
    },
    "POST /v1/reservations": {
      path: "/v1/reservations",
      body: hold,
      needs: "operate",
      foreign: { status: 201 },
    },
  };
}

function listCases(): Record<string, AccessCase> {
  return {
    "GET /v1/skus": {
      path: "/v1/skus",
      needs: "read",
      foreign: { status: 200, body: { skus: [{ sku: "KB-M", title: "Stolen", reserved: 1 }] } },
      sees: ["/v1/skus"],
    },
    "GET /v1/locations": {
      path: "/v1/locations",
      needs: "read",
      foreign: { status: 200, body: { locations: [{ code: "3pl", title: "X" }, { code: "main" }] } },
      sees: ["/v1/locations"],
    },
    "GET /v1/connections": {
      path: "/v1/connections",
      needs: "read",
      foreign: { status: 200, body: { connections: [{ code: "web" }] } },
      sees: ["/v1/connections"],
    },
    "GET /v1/listings": {
      path: "/v1/listings",
      needs: "read",
      foreign: none("listings"),
      sees: ["/v1/listings"],
    },
    "GET /v1/movements": {
      path: "/v1/movements?channel=web&orderId=A-1",
      needs: "read",
      foreign: none("movements"),
      sees: ["/v1/movements"],
    },
    "GET /v1/orders": {
      path: "/v1/orders?status=paid",
      needs: "read",
      foreign: none("orders"),
      sees: ["/v1/orders"],
    },
    "GET /v1/alerts": {
      path: "/v1/alerts?state=all",
      needs: "read",
      foreign: none("alerts"),
      sees: ["/v1/alerts?state=all"],
    },
    "GET /v1/inbox": { path: "/v1/inbox?state=waiting", needs: "read", foreign: none("notifications") },
    "GET /v1/latencies": { path: "/v1/latencies", needs: "read", foreign: none("latencies") },
  };
}

/** Routes of plugins. A key has no session to end, whosever it is. */
function pluginCases(): Record<string, AccessCase> {
  return {
    "GET /openapi.json": { path: "/openapi.json", needs: "read", foreign: { status: 200 } },
    "DELETE /v1/session": { path: "/v1/session", needs: "read", foreign: { status: 204 } },
    "GET /docs": { path: "/docs", needs: "read", foreign: { status: 200 } },
  };
}
