/** An answer of Amazon's. Expected outcomes are values: handlers return these. */
export interface VendorAnswer {
  status: number;
  /** undefined for an answer without a body. */
  body?: unknown;
  headers?: Record<string, string>;
}

export function answered(body: unknown, status = 200): VendorAnswer {
  return { status, body };
}

/** The envelope of every Selling Partner API error. */
export function vendorError(status: number, code: string, message: string, details = ""): VendorAnswer {
  return { status, body: { errors: [{ code, message, details }] } };
}

/** Code and message as in the official models' sandbox examples; the details are ASSUMED. */
export function invalidInput(details: string): VendorAnswer {
  return vendorError(400, "InvalidInput", "Invalid Input", details);
}

/** As the Listings Items model's sandbox answers; the details are ASSUMED. */
export function badListingRequest(details: string): VendorAnswer {
  return vendorError(400, "BAD_REQUEST", "Invalid input", details);
}

/** Quoted by integrators. */
export function accessDenied(details: string): VendorAnswer {
  return vendorError(403, "Unauthorized", "Access to requested resource is denied.", details);
}

export const tokenRefused = accessDenied("The access token you provided is revoked, malformed or invalid.");
/** ASSUMED: the details. */
export const tokenExpired = accessDenied("The access token you provided has expired.");
/** ASSUMED: the details. */
export const tokenMissing = accessDenied("Access token is missing in the request header.");

/** ASSUMED: code and text; the models only declare the status. */
export function notFound(details: string): VendorAnswer {
  return vendorError(404, "NotFound", "The requested resource does not exist.", details);
}

/** ASSUMED: code and text; the models only declare the status. */
export function conflict(details: string): VendorAnswer {
  return vendorError(409, "Conflict", "The request conflicts with the current state.", details);
}

export type RateLimitBody = "quotaExceeded" | "application";

/** Without Retry-After unless a fault asks for it: none is documented. */
export function rateLimited(kind: RateLimitBody, retryAfterSeconds?: number): VendorAnswer {
  const messages: Record<RateLimitBody, string> = {
    quotaExceeded: "You exceeded your quota for the requested resource.",
    application: "The frequency of requests was greater than what is allowed for the application.",
  };
  return {
    ...vendorError(429, "QuotaExceeded", messages[kind]),
    ...(retryAfterSeconds === undefined ? {} : { headers: { "retry-after": String(retryAfterSeconds) } }),
  };
}

/** Quoted by integrators, for 500 and 503 alike. */
export function internalFailure(status = 500): VendorAnswer {
  return vendorError(status, "InternalFailure", "We encountered an internal error. Please try again.");
}

/** An error of the token endpoint: standard OAuth; the descriptions are ASSUMED. */
export function oauthError(error: string, description: string, status = 400): VendorAnswer {
  return { status, body: { error, error_description: description } };
}
