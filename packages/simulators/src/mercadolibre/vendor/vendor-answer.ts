/** An answer of the marketplace that is not the resource asked for. Expected outcomes are values: handlers return these. */
export interface VendorAnswer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** The shape most services use: `{message, error, status, cause}`. */
export function standardError(
  status: number,
  error: string,
  message: string,
  cause: unknown[] = [],
): VendorAnswer {
  return { status, body: { message, error, status, cause } };
}

/** A validation error with one cause, as `/items` answers it. */
export function validationError(code: string, message: string, field: string): VendorAnswer {
  return standardError(400, "validation_error", "Validation error", [
    { department: "items", cause_id: 0, type: "error", code, references: [field], message },
  ]);
}

/** Body as documented (DOC:error-403): the resource belongs to somebody else. */
export const accessDenied: VendorAnswer = {
  status: 403,
  body: {
    status: 403,
    error: "access_denied",
    message: "access to the requested resource is forbidden",
    code: "FORBIDDEN",
  },
};

/** ASSUMED: the answer of the gateway to a path it does not route. */
export const resourceNotFound = standardError(404, "not_found", "resource not found");

export function itemNotFound(id: string): VendorAnswer {
  return standardError(404, "not_found", `Item with id ${id} not found`);
}

/** The message is quoted in integrators' code; the `error` code is ASSUMED. */
export const orderNotFound = standardError(404, "order_not_found", "Order do not exists");

/** No Authorization header. The body of services that moved behind the gateway. */
export const tokenMissing: VendorAnswer = {
  status: 401,
  body: { code: "unauthorized", message: "authorization value not present" },
};

/** Bodies for a bad token differ by service (DOC): items and users say one thing, orders and shipments another. */
export function tokenRefused(path: string): VendorAnswer {
  if (/^\/(orders|shipments|post-purchase|missed_feeds)/.test(path)) {
    return { status: 401, body: { code: "unauthorized", message: "invalid access token" } };
  }
  return standardError(401, "not_found", "invalid_token");
}

export type RateLimitBody = "tooManyRequests" | "overQuota" | "tooManyRequest" | "localRateLimited" | "text";

/** The 429 bodies that the documentation shows on different pages; none carries Retry-After by itself. */
export function rateLimited(kind: RateLimitBody, retryAfterSeconds?: number): VendorAnswer {
  const bodies: Record<RateLimitBody, unknown> = {
    tooManyRequests: { message: "Too Many Requests", error: "too_many_requests", status: 429, cause: [] },
    overQuota: { error: "too_many_requests", message: "client.id over quota", status: 429 },
    tooManyRequest: { message: "too_many_request", error: "too_many_request", status: 429, cause: [] },
    localRateLimited: { error: "local_rate_limited", message: "local_rate_limited", status: 429, cause: [] },
    text: "local_rate_limited",
  };
  return {
    status: 429,
    body: bodies[kind],
    ...(retryAfterSeconds === undefined ? {} : { headers: { "retry-after": String(retryAfterSeconds) } }),
  };
}

/** An error of the OAuth service. */
export function oauthError(error: string, description: string, status = 400): VendorAnswer {
  return { status, body: { error_description: description, error, status, cause: [] } };
}

/** Documented by its code only. */
export const applicationBlocked = oauthError("unauthorized_application", "The application is blocked");

/** What sellers' calls get while the app is blocked: status and code documented, the rest ASSUMED. */
export const scopesUnauthorized = standardError(401, "unauthorized_scopes", "unauthorized_scopes");

/** The app has no functional permission for this area (body quoted by integrators). */
export const policyRefused: VendorAnswer = {
  status: 403,
  body: {
    blocked_by: "PolicyAgent",
    code: "PA_UNAUTHORIZED_RESULT_FROM_POLICIES",
    message: "At least one policy returned UNAUTHORIZED.",
    status: 403,
  },
};

/** A suspended seller, or somebody without rights on the resource. */
export const callerRefused = standardError(
  403,
  "forbidden",
  "The caller is not authorized to access this resource.",
);

/** The message is documented; `error` is ASSUMED. */
export const versionMismatch = standardError(409, "conflict", "Version mismatch");

/** Word for word as documented, without `error`. */
export const optimisticLock: VendorAnswer = {
  status: 409,
  body: { message: "item optimistic locking error: conflict", status: 409, cause: [] },
};

/** Word for word as captured: a used, rotated, expired or foreign code or refresh token. */
export const invalidGrant = oauthError(
  "invalid_grant",
  "Error validating grant. Your authorization code or refresh token may be expired or it was already used",
);
