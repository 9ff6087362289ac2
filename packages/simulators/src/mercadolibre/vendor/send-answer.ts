import type { FastifyReply } from "fastify";

import type { VendorAnswer } from "./vendor-answer.ts";

/** Sends a vendor's answer; a string body goes out as plain text, as from a proxy. */
export function sendAnswer(reply: FastifyReply, { status, body, headers = {} }: VendorAnswer): FastifyReply {
  const type = typeof body === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  return reply
    .code(status)
    .header("content-type", type)
    .headers(headers)
    .send(typeof body === "string" ? body : JSON.stringify(body));
}
