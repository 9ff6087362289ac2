import { describe, expect, it } from "vitest";

import { toConsentError, toError, toTokenError } from "./error.ts";

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
    [409, { message: "item optimistic locking error: conflict", status: 409, cause: [] }, "conflict"],
    [409, { message: "Version mismatch", error: "conflict", status: 409, cause: [] }, "conflict"],
    [400, { message: "Missing X-Version header", error: "bad_request", status: 400, cause: [] }, "bug"],
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
      message: expect.stringContaining("MercadoLibre answered 400: Available quantity is not modifiable"),
    });
  });

  it.each([
    ["Available quantity is not modifiable in fulfillment items", /Full/],
    [
      "Cannot update item MLM1 [status:under_review, has_bids:false] available quantity is not modifiable.",
      /review/,
    ],
    ["Cannot update item MLM1 [status:closed, has_bids:false]", /closed for good/],
    ["Validation error. Is not possible to activate an item without stock.", /without stock/],
    ["User not active", /suspended/],
    ["store does not belong to seller: 000", /depot/],
    ["the fields [available_quantity] are invalid for requested call", /cannot be written here/],
  ])("says what %s means", (message, meaning) => {
    const said = toError(answer(400, { message, error: "validation_error", status: 400, cause: [] }));
    expect(said).toMatchObject({ kind: "rejected" });
    expect(said.message).toMatch(meaning);
    expect(said.message).toContain(message);
  });

  it("waits seconds after two writers met", () => {
    expect(toError(answer(409, { message: "item optimistic locking error: conflict" })).retryAfterMs).toBe(
      2_000,
    );
  });

  it("of an operator says who has to sign in", () => {
    const said = toTokenError(answer(400, { error: "invalid_operator_user_id", status: 400, cause: [] }));
    expect(said).toMatchObject({ kind: "auth", code: "invalid_operator_user_id" });
    expect(said.message).toContain("administrator");
    expect(toConsentError("invalid_operator_user_id", null)).toEqual(said);
    expect(toConsentError("access_denied", null).message).toBe("The account's owner did not agree.");
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
