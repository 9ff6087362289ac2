import { createHash } from "node:crypto";

import { canonical } from "@onepool/core/ledger/content-hash.ts";
import type { Json } from "@onepool/core/ledger/json.ts";
import type { FastifyRequest } from "fastify";

import type { Problem } from "../problem.ts";
import type { IdempotencyRequest } from "../route/route.ts";

const KEY_PATTERN = /^[\x21-\x7e]{1,200}$/;

/** The caller's Idempotency-Key with a fingerprint of the request, null without one. */
export function readIdempotency(request: FastifyRequest): IdempotencyRequest | Problem | null {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key !== "string" || !KEY_PATTERN.test(key))
    return {
      code: "invalid_field",
      field: "Idempotency-Key",
      message: "Idempotency-Key must be 1 to 200 visible ASCII characters, given once.",
    };
  return { key, requestHash: requestHash(request) };
}

/** Equal for the same call with the same JSON, however it is spaced and its fields are ordered. */
function requestHash(request: FastifyRequest): string {
  const body = request.body === undefined ? "" : canonical(request.body as Json);
  return createHash("sha256").update(`${request.method} ${request.url}\n${body}`).digest("base64url");
}
