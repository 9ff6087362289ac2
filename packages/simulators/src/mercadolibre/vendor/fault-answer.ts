import type { FastifyReply, FastifyRequest } from "fastify";

import type { FaultRule } from "../faults.ts";
import {
  accessDenied,
  callerRefused,
  optimisticLock,
  policyRefused,
  rateLimited,
  tokenRefused,
  type VendorAnswer,
} from "./vendor-answer.ts";

/** A caller that waits longer than this for an answer that never comes is cut off. Real time. */
const LONGEST_SILENCE_WALL_MS = 120_000;

const serverErrorBodies = {
  json: (status: number) => ({
    message: "Internal server error",
    error: "internal_server_error",
    status,
    cause: [],
  }),
  html: (status: number) =>
    `<html><head><title>${status} Error</title></head><body><center><h1>${status}</h1></center></body></html>`,
  text: () => "upstream connect error or disconnect/reset before headers",
};

const forbiddenBodies = {
  accessDenied,
  policies: policyRefused,
  callerNotAuthorized: callerRefused,
};

/** The answer a rule gives in place of the handler, if it is of that kind. */
export function faultAnswer(rule: FaultRule, url: string): VendorAnswer | undefined {
  switch (rule.kind) {
    case "serverError": {
      const headers = rule.body === "html" ? { "content-type": "text/html" } : {};
      return { status: rule.status, body: serverErrorBodies[rule.body](rule.status), headers };
    }
    case "rateLimited":
      return rateLimited(rule.body, rule.retryAfterSeconds);
    case "forbidden":
      return forbiddenBodies[rule.body];
    case "unauthorized":
      return tokenRefused(url);
    case "conflict":
      return optimisticLock;
    default:
      return undefined;
  }
}

/** Resolves when the caller has gone, or has waited too long. */
function silence(request: FastifyRequest): Promise<void> {
  const { socket } = request.raw;
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => socket.destroy(), LONGEST_SILENCE_WALL_MS).unref();
    const done = (): void => {
      clearTimeout(giveUp);
      resolve();
    };
    if (socket.destroyed) done();
    else socket.once("close", done);
  });
}

/** Takes a call and does nothing with it: cut off, or never answered. */
export async function swallow(
  request: FastifyRequest,
  reply: FastifyReply,
  kind: "timeout" | "dropped",
): Promise<FastifyReply> {
  reply.hijack();
  if (kind === "dropped") request.raw.socket.destroy();
  else await silence(request);
  return reply;
}

/** Ruins the answer of a call that was carried out, if a rule struck that says so. */
export async function spoilAnswer(request: FastifyRequest, payload: unknown): Promise<unknown> {
  const kind = request.strike?.kind;
  if (kind === "malformed" && typeof payload === "string") {
    return payload.slice(0, Math.ceil(payload.length / 2));
  }
  if (kind === "droppedAfterApply") request.raw.socket.destroy();
  if (kind === "timeoutAfterApply") await silence(request);
  return payload;
}
