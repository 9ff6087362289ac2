import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { FastifyReply } from "fastify";

import { ERROR_CATALOGUE, type ErrorCode } from "./error-catalogue.ts";

/** A refusal on its way to the caller (RFC 9457). */
export interface Problem {
  readonly code: ErrorCode;
  /** What to mend: a path in the body (`lines.0.sku`), a parameter, a header, or `body`. Empty: nothing the caller sent. */
  readonly field: string;
  /** One sentence with the particulars. */
  readonly message: string;
  /** Figures the caller needs; they stand beside `code`. */
  readonly detail?: JsonObject;
  /** Sent as Retry-After. */
  readonly retryAfterSeconds?: number;
}

export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** The status a problem is answered with. */
export function statusOf(problem: Problem): number {
  return ERROR_CATALOGUE[problem.code].status;
}

/** The problem as it is sent. */
export function problemBody(problem: Problem): JsonObject {
  const { code, field, message, detail } = problem;
  const { status, title } = ERROR_CATALOGUE[code];
  const body = {
    type: `/docs#${code}`,
    title,
    status,
    code,
    field: echo(field),
    message: echo(message),
  };
  return detail === undefined ? body : { ...detail, ...body };
}

/** The problem of one item of a batch. */
export function problemInBatch(problem: Problem): JsonObject {
  const { code, field, message, detail } = problem;
  return { ...detail, ok: false, code, field: echo(field), message: echo(message) };
}

/** Longest name or sentence that is sent back, in UTF-16 units: an unknown field's name may be megabytes long. */
const ECHO_LENGTH = 1_000;

/** What a caller sent, fit to be sent back: well-formed and not too long. */
function echo(text: string): string {
  const clipped = text.length > ECHO_LENGTH ? `${text.slice(0, ECHO_LENGTH)}…` : text;
  return clipped.toWellFormed();
}

/** Answers a request with a problem. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.retryAfterSeconds !== undefined) reply.header("retry-after", String(problem.retryAfterSeconds));
  return reply
    .code(statusOf(problem))
    .header("content-type", PROBLEM_TYPE)
    .send(JSON.stringify(problemBody(problem)));
}
