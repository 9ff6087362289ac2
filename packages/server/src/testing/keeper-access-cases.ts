import { type AccessCase, missing, none, RECORDED } from "./access-case.ts";

/** What keepers told, and how it stands. */
export function keeperAccessCases(): Record<string, AccessCase> {
  return {
    "GET /v1/keepers": { path: "/v1/keepers", needs: "read", foreign: none("keepers") },
    "GET /v1/keepers/:connection/levels": {
      path: "/v1/keepers/wh/levels",
      needs: "read",
      foreign: missing("unknown_connection"),
    },
    "POST /v1/keepers/:connection/levels/:location/:sku/accept": {
      path: "/v1/keepers/wh/levels/main/A/accept",
      needs: "operate",
      foreign: missing("unknown_connection"),
    },
    "POST /v1/keepers/:connection/levels/:location/:sku/recount": {
      path: "/v1/keepers/wh/levels/main/A/recount",
      needs: "operate",
      foreign: missing("unknown_connection"),
    },
    "POST /v1/keepers/:connection/accept-snapshot": {
      path: "/v1/keepers/wh/accept-snapshot",
      needs: "operate",
      foreign: missing("unknown_connection"),
    },
    "POST /v1/keepers/:connection/facts": {
      path: "/v1/keepers/wh/facts",
      body: { facts: [] },
      needs: "operate",
      foreign: missing("unknown_connection"),
    },
    "POST /v1/keepers/:connection/files": {
      path: "/v1/keepers/wh/files?name=stock.csv",
      body: { any: "bytes" },
      needs: "operate",
      foreign: missing("unknown_connection"),
    },
    "GET /v1/keepers/:connection/facts": {
      path: "/v1/keepers/wh/facts",
      needs: "read",
      foreign: missing("unknown_connection"),
    },
    "POST /v1/keepers/:connection/facts/:factId/replay": {
      path: "/v1/keepers/wh/facts/f-1/replay",
      needs: "operate",
      foreign: missing("unknown_connection"),
    },
    "GET /v1/keeper-orders": { path: "/v1/keeper-orders", needs: "read", foreign: none("keeperOrders") },
    "POST /v1/keeper-orders/:reference/retry": {
      path: "/v1/keeper-orders/r-1/retry",
      needs: "operate",
      foreign: missing("unknown_keeper_order"),
    },
    "PUT /v1/orders/:channel/:orderId/ship-to": {
      path: "/v1/orders/web/A-1/ship-to",
      body: { name: "Ana", address1: "Calle 1", city: "Puebla", postalCode: "72000", country: "MX" },
      needs: "operate",
      // It has an order of this name by then, too.
      foreign: RECORDED,
    },
    ...fetchingCases("orders"),
    ...fetchingCases("inbounds"),
  };
}

/** What keepers fetch, and answer. */
function fetchingCases(about: string): Record<string, AccessCase> {
  const bodies = { accept: {}, refuse: { reason: "no" }, cancelled: {}, "too-late": {} };
  const at = { needs: "operate", foreign: missing("unknown_connection") } as const;
  return {
    [`GET /v1/keepers/:connection/${about}`]: { path: `/v1/keepers/wh/${about}`, ...at },
    ...Object.fromEntries(
      Object.entries(bodies).map(([word, body]) => [
        `POST /v1/keepers/:connection/${about}/:reference/${word}`,
        { path: `/v1/keepers/wh/${about}/r-1/${word}`, body, ...at },
      ]),
    ),
  };
}
