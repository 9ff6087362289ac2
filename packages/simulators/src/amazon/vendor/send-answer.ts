import type { FastifyReply } from "fastify";

import type { VendorAnswer } from "./vendor-answer.ts";

/** Sends a vendor's answer; a string body goes out as it is, as from a proxy. */
export function sendAnswer(reply: FastifyReply, { status, body, headers = {} }: VendorAnswer): FastifyReply {
  if (body === undefined) return reply.code(status).headers(headers).send();
  const type = typeof body === "string" ? "text/plain; charset=utf-8" : "application/json";
  return reply
    .code(status)
    .header("content-type", type)
    .headers(headers)
    .send(typeof body === "string" ? body : JSON.stringify(body));
}
