import type { RejectionCode } from "@onepool/core/ledger/rejection.ts";

/** What a code means to whoever gets it. Codes and their status are fixed: programs decide by them. */
interface ErrorDescription {
  readonly status: number;
  /** What went wrong, without the particulars: those are in the problem's `message`. */
  readonly title: string;
  /** How to mend it. */
  readonly mend: string;
}

function error(status: number, title: string, mend: string): ErrorDescription {
  return { status, title, mend };
}

/** The request itself: its body, its fields, its address, its caller. */
const REQUEST_ERRORS = {
  invalid_json: error(400, "The body is not JSON", "Send one JSON value as RFC 8259 describes it."),
  invalid_utf8: error(400, "The text is not UTF-8", "Encode the body and the address as UTF-8."),
  missing_body: error(400, "The body is missing", "Send a JSON object with Content-Type: application/json."),
  missing_field: error(400, "A required field is missing", "Send the field named in `field`."),
  unknown_field: error(
    400,
    "A field is not known here",
    "Leave out the field named in `field`, or mend its name.",
  ),
  duplicate_field: error(400, "A field is given twice", "Send the field named in `field` once."),
  invalid_field: error(400, "A field has a value it cannot have", "Correct the field named in `field`."),
  too_deep: error(400, "The body nests too deeply", "Send the shape this call documents."),
  bad_request: error(
    400,
    "The request is not well-formed HTTP",
    "Mend the request line, the headers or the address.",
  ),
  unauthorized: error(
    401,
    "Nobody is signed in",
    "Send `Authorization: Bearer <key>` with a key that is not revoked.",
  ),
  signature_invalid: error(
    401,
    "The delivery does not bear the keeper's signature",
    "Check the secret that the keeper signs with; a connection is given a new one by itself.",
  ),
  forbidden_role: error(403, "The key may not do this", "Use a key with the role this call asks for."),
  cross_site_request: error(
    403,
    "The write came from another site",
    "Send writes from our own page, or with a key.",
  ),
  host_not_allowed: error(
    403,
    "The Host header names another machine",
    "Use this machine's address, or set ONEPOOL_PUBLIC_URL.",
  ),
  not_found: error(404, "There is nothing at this address", "See /docs for the calls there are."),
  method_not_allowed: error(
    405,
    "The address does not take this method",
    "Use one of the methods in the Allow header.",
  ),
  request_timeout: error(
    408,
    "The request did not arrive in time",
    "Send it again over a better connection.",
  ),
  body_too_large: error(
    413,
    "The body is larger than accepted",
    "Split the batch: 8 MiB a request at most, 50 MiB for a file.",
  ),
  uri_too_long: error(414, "The address is longer than accepted", "Codes have at most 200 characters."),
  unsupported_media_type: error(
    415,
    "The body is of another type",
    "Send Content-Type: application/json in UTF-8, not compressed.",
  ),
  headers_too_large: error(
    431,
    "The headers are larger than accepted",
    "Send fewer or shorter headers: 16 KiB at most.",
  ),
} as const satisfies Record<string, ErrorDescription>;

/** What the ledger refuses. Nothing has changed. */
const LEDGER_ERRORS = {
  unknown_sku: error(404, "There is no such SKU", "Create it with PUT /v1/skus/{sku}."),
  unknown_location: error(404, "There is no such location", "Create it with PUT /v1/locations/{code}."),
  unknown_connection: error(404, "There is no such connection", "Create it with PUT /v1/connections/{code}."),
  unknown_listing: error(
    404,
    "There is no such listing",
    "Map it with PUT /v1/listings/{connection}/{externalId}.",
  ),
  unknown_order: error(
    404,
    "There is no such order",
    "Check channel and orderId, or report the order first.",
  ),
  unknown_line: error(
    404,
    "The order has no such line",
    "Check lineId against GET /v1/orders/{channel}/{orderId}.",
  ),
  unknown_reservation: error(404, "There is no such reservation", "Check reservationId, or reserve first."),
  unknown_inbound: error(
    404,
    "There is no such inbound",
    "Announce it with PUT /v1/inbounds/{inboundId}, or leave inboundId out.",
  ),
  occurred_in_future: error(
    400,
    "The time lies more than 5 minutes in the future",
    "Check the sender's clock.",
  ),
  external_id_conflict: error(
    409,
    "The externalId was used for other content",
    "Use a new externalId, or send the same content again.",
  ),
  insufficient_units: error(409, "The bucket holds fewer units", "Check the units, or count first."),
  insufficient_stock: error(
    409,
    "Fewer units are available than asked for",
    "Ask for what `lines` says is available, or wait for stock.",
  ),
  reservation_conflict: error(
    409,
    "The reservationId was used for other lines",
    "Use another reservationId.",
  ),
  reservation_ended: error(409, "The reservation has ended", "Reserve again under another reservationId."),
} as const satisfies Record<Exclude<RejectionCode, "invalid_field">, ErrorDescription>;

/** The server, or what a whole request collides with. */
const SERVER_ERRORS = {
  account_taken: error(
    409,
    "The marketplace account belongs to another connection",
    "Remove accountId there first, or check it.",
  ),
  authorization_unavailable: error(
    409,
    "The connection cannot be authorized in a browser",
    "Mend what `message` names: its credentials, a setting, or its kind.",
  ),
  authorization_ended: error(
    410,
    "This authorization was used, is too old or never was",
    "Ask for a new one: POST /v1/connections/{code}/authorize.",
  ),
  authorization_refused: error(
    409,
    "The channel did not give access",
    "Do what `message` says, then ask for a new authorization.",
  ),
  unknown_keeper_order: error(
    404,
    "No keeper was given an order of this reference",
    "Look it up with GET /v1/keeper-orders.",
  ),
  keeper_order_not_refused: error(
    409,
    "The keeper did not refuse this order",
    "Wait: it is told by itself. Only what was refused is told again by hand.",
  ),
  keeper_answer_conflict: error(
    409,
    "The answer does not fit what is asked of the keeper",
    "Read its state again; what was cancelled before it was accepted must not be shipped.",
  ),
  unknown_fact: error(
    404,
    "There is no such fact of this keeper",
    "Look it up with GET /v1/keepers/{connection}/facts.",
  ),
  file_refused: error(
    422,
    "The file cannot be read as this connection says",
    "Mend what `message` names in the file, or the connection's settings; nothing of it was taken.",
  ),
  unknown_level: error(
    404,
    "The keeper told no level of this SKU there",
    "Look it up with GET /v1/keepers/{connection}/levels.",
  ),
  level_changed: error(
    409,
    "The keeper has said something newer since",
    "Look at the level again, and accept what it says now.",
  ),
  keeper_not_live: error(
    409,
    "The keeper is not live",
    "Set the connection's mode to live first: nothing is booked before.",
  ),
  no_snapshot_held: error(409, "No snapshot of this keeper is held", "There is nothing to accept."),
  channel_unavailable: error(503, "The channel does not answer", "Ask for a new authorization in a minute."),
  idempotency_conflict: error(
    422,
    "The Idempotency-Key was used for another request",
    "Use a new key for each request, the same one only to repeat it.",
  ),
  internal_error: error(
    500,
    "Something is wrong in Onepool",
    "Send it again; if it stays, look in the server's log.",
  ),
  overloaded: error(
    503,
    "Too many writes are waiting for this seller",
    "Send it again after the seconds in Retry-After.",
  ),
  stopping: error(
    503,
    "The server is stopping",
    "Send it again: another server, or this one after its restart, will take it.",
  ),
  database_unavailable: error(
    503,
    "The database does not answer",
    "Send it again after the seconds in Retry-After.",
  ),
} as const satisfies Record<string, ErrorDescription>;

/** Every error code this API answers with, by group. `docs/errors.md` is rendered from it. */
export const ERROR_GROUPS = {
  "The request": REQUEST_ERRORS,
  "The ledger": LEDGER_ERRORS,
  "The server": SERVER_ERRORS,
} as const;

/** Every error code of the API with its status, what it means and how to mend it. */
export const ERROR_CATALOGUE = { ...REQUEST_ERRORS, ...LEDGER_ERRORS, ...SERVER_ERRORS } as const;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;
