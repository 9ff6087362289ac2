import { describe, expect, it } from "vitest";

import { isBareRefusal, isTokenRefusal, toError, toTokenError } from "./error.ts";

const answer = (status: number, body: unknown, retryAfter: string | null = null) => ({
  status,
  body,
  retryAfter,
  now: Date.parse("2026-11-23T10:00:00Z"),
});
const denied = (details: string) => ({
  errors: [{ code: "Unauthorized", message: "Access to requested resource is denied.", details }],
});
const quota = {
  errors: [{ code: "QuotaExceeded", message: "You exceeded your quota for the requested resource." }],
};
const application = "The frequency of requests was greater than what is allowed for the application.";

describe("an error", () => {
  it.each([
    [429, quota, "throttled"],
    [429, { errors: [{ code: "QuotaExceeded", message: application }] }, "throttled"],
    [429, "", "throttled"],
    [403, denied("The access token you provided is revoked, malformed or invalid."), "auth"],
    [403, denied("The access token you provided has expired."), "auth"],
    [403, denied(""), "rejected"],
    [403, "<html>no</html>", "rejected"],
    [401, {}, "auth"],
    [
      404,
      { errors: [{ code: "NOT_FOUND", message: "SKU 'x' not found in marketplace ATVPDKIKX0DER" }] },
      "not_found",
    ],
    [400, { errors: [{ code: "InvalidInput", message: "Invalid Input" }] }, "rejected"],
    [413, {}, "rejected"],
    [
      500,
      { errors: [{ code: "InternalFailure", message: "We encountered an internal error." }] },
      "transient",
    ],
    [503, "<html>", "transient"],
    [302, "", "bug"],
  ])("of status %s with %j is %s", (status, body, kind) => {
    expect(toError(answer(status, body)).kind).toBe(kind);
  });

  it("says the vendor's words, its details where they add something, and its code", () => {
    expect(
      toError(answer(429, { errors: [{ code: "QuotaExceeded", message: application, details: "" }] })),
    ).toEqual({
      kind: "throttled",
      message: `Amazon answered 429: ${application}`,
      status: 429,
      code: "QuotaExceeded",
    });
    const invalid = { errors: [{ code: "BAD_REQUEST", message: "Invalid input", details: "Invalid input" }] };
    expect(toError(answer(400, invalid)).message).toBe("Amazon answered 400: Invalid input");
    expect(toError(answer(400, { errors: [{ message: "No.", details: "The sku" }] })).message).toContain(
      "No. The sku",
    );
  });

  it("of a 403 that is not about the token concerns only what was asked for", () => {
    expect(toError(answer(403, denied("")))).toMatchObject({ kind: "rejected", isOnlyThis: true });
    expect([isBareRefusal(answer(403, denied(""))), isTokenRefusal(answer(403, denied("")))]).toEqual([
      true,
      false,
    ]);
    expect(isBareRefusal(answer(403, denied("Your role")))).toBe(false);
  });

  it("waits as long as it is told, and no longer than an hour", () => {
    expect(toError(answer(429, quota, "3")).retryAfterMs).toBe(3_000);
    expect(toError(answer(429, quota, "Mon, 23 Nov 2026 10:00:07 GMT")).retryAfterMs).toBe(7_000);
    expect(toError(answer(429, quota, "86400")).retryAfterMs).toBe(3_600_000);
    expect(toError(answer(429, quota))).not.toHaveProperty("retryAfterMs");
  });

  it.each([
    [400, { error: "invalid_grant", error_description: "The refresh token is invalid" }, "auth"],
    [401, { error: "invalid_client" }, "auth"],
    [400, { error: "invalid_request" }, "transient"],
    [401, "<html>a proxy</html>", "transient"],
    [429, "", "throttled"],
    [500, { error: "server_error" }, "transient"],
  ])("of the token endpoint with status %s and %j is %s", (status, body, kind) => {
    expect(toTokenError(answer(status, body)).kind).toBe(kind);
  });
});
