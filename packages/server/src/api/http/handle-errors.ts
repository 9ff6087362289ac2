// Whatever goes wrong outside a route's own answers, as a problem of the catalogue.
import type { Socket } from "node:net";

import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";

import type { Log } from "../../log/log.ts";
import { isConnectionLost, isSqlState, SQLSTATE } from "../../postgres/sqlstate.ts";
import type { ErrorCode } from "../error-catalogue.ts";
import { PROBLEM_TYPE, problemBody, sendProblem, statusOf, type Problem } from "../problem.ts";
import { RefusedBody } from "./refused-body.ts";

/** Fastify's error handler. */
export function errorHandler(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = problemOf(error);
    if (statusOf(problem) >= 500)
      log.error(
        { stage: "api", err: error, method: request.method, route: request.routeOptions.url },
        "a request failed",
      );
    return sendProblem(reply, problem);
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof RefusedBody) return error.problem;
  const known = FRAMEWORK_PROBLEMS[(error as FastifyError | null)?.code ?? ""];
  if (known !== undefined) return known;
  if (isUnavailable(error))
    return {
      code: "database_unavailable",
      field: "",
      message: "The database does not answer at the moment.",
      retryAfterSeconds: 1,
    };
  return {
    code: "internal_error",
    field: "",
    message: "The request failed for a reason of ours; the log says which.",
  };
}

function isUnavailable(error: unknown): boolean {
  return isConnectionLost(error) || isSqlState(error, SQLSTATE.tooManyConnections, SQLSTATE.diskFull);
}

/** What Fastify finds wrong before a route is reached, by its codes. */
const FRAMEWORK_PROBLEMS: Readonly<Record<string, Problem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: "body_too_large",
    field: "body",
    message: "The body is larger than this call takes.",
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: "unsupported_media_type",
    field: "Content-Type",
    message: "Bodies are JSON: send Content-Type: application/json.",
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: "bad_request",
    field: "Content-Length",
    message: "The body is not as long as Content-Length says.",
  },
  FST_ERR_BAD_URL: {
    code: "invalid_utf8",
    field: "path",
    message: "The address is not percent-encoded UTF-8.",
  },
  FST_ERR_MAX_PARAM_LENGTH: {
    code: "uri_too_long",
    field: "path",
    message: "A part of the address is longer than any code.",
  },
};

const SOCKET_PROBLEMS: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: "headers_too_large",
  ERR_HTTP_REQUEST_TIMEOUT: "request_timeout",
};

/** Answers what Node could not read as HTTP. There is no request yet, so the answer is written to the socket by hand. */
export function clientErrorHandler(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = SOCKET_PROBLEMS[error.code ?? ""] ?? "bad_request";
  const problem: Problem = { code, field: "headers", message: "The request could not be read as HTTP." };
  const body = JSON.stringify(problemBody(problem));
  const head = `HTTP/1.1 ${statusOf(problem)} Refused\r\ncontent-type: ${PROBLEM_TYPE}\r\n`;
  socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
}
