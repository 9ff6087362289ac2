import type { z } from "zod";

/** An answer of the keeper's API; a string body goes out as it is. */
export interface VendorAnswer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export function answer(body: unknown, status = 200): VendorAnswer {
  return { status, body };
}

/** RFC 9457's shape, declared for inventory, returns and some others. */
export function problem(status: number, title: string, detail: string): VendorAnswer {
  const type = `https://tools.ietf.org/html/rfc9110#section-15.5.${status - 399}`;
  return { status, body: { type, title, status, detail, instance: null } };
}

/** Messages by field: declared as an open object for orders; that it is this shape was told by integrators. */
export function fieldErrors(status: number, errors: Record<string, string[]>): VendorAnswer {
  return { status, body: errors };
}

export function badRequest(field: string, message: string): VendorAnswer {
  return fieldErrors(400, { [field]: [message] });
}

/** Documented without a body. */
export const notFound: VendorAnswer = { status: 404 };
/** Documented without a body. */
export const unauthorized: VendorAnswer = { status: 401 };
/** Documented without a body. */
export const forbidden: VendorAnswer = { status: 403 };

/** Documented: body and `x-retry-after`. */
export function rateLimited(retryAfterSeconds: number): VendorAnswer {
  return {
    status: 429,
    body: {
      statusCode: 429,
      message: `Rate limit is exceeded. Try again in ${retryAfterSeconds} seconds.`,
    },
    headers: { "x-retry-after": String(retryAfterSeconds), "x-remaining-calls": "0" },
  };
}

/** What is wrong with a body, by field. */
export function wrongBody(error: z.ZodError, status = 400): VendorAnswer {
  const errors: Record<string, string[]> = {};
  for (const { path, message } of error.issues) {
    const field = path.join(".") || "body";
    errors[field] = [...(errors[field] ?? []), message];
  }
  return fieldErrors(status, errors);
}
