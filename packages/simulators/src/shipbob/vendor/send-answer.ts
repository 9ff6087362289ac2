import type { FastifyReply } from "fastify";

import type { VendorAnswer } from "./vendor-answer.ts";

/** Sends a vendor's answer; a string body goes out as it is, as from a proxy. */
export function sendAnswer(reply: FastifyReply, { status, body, headers = {} }: VendorAnswer): FastifyReply {
  const sent = reply.code(status).headers(headers);
  if (body === undefined) return sent.send();
  if (typeof body === "string") return sent.type("text/html").send(body);
  return sent.type("application/json; charset=utf-8").send(JSON.stringify(body));
}
