import type { FastifyReply, FastifyRequest } from "fastify";

import { swallow } from "../../broken-answer.ts";
import type { FaultRule } from "../faults.ts";
import type { World } from "../world.ts";
import type { PricedField } from "./price.ts";
import { emptyData, throttled } from "./throttled.ts";
import { unexpectedError } from "./vendor-refusal.ts";

function brokenPage(status: number, body: "json" | "html" | "text"): { type: string; payload: string } {
  if (body === "json") return { type: "application/json", payload: '{"message":"Internal server error"}' };
  if (body === "text") return { type: "text/plain", payload: "upstream request timeout" };
  const page = `<html><head><title>${status} Bad Gateway</title></head><body><h1>${status}</h1></body></html>`;
  return { type: "text/html", payload: page };
}

/** What a fault answers in place of the vendor; undefined when the request is carried out all the same. */
export async function struckAnswer(
  world: World,
  asked: { fields: readonly PricedField[] },
  strike: FaultRule,
  [request, reply]: [FastifyRequest, FastifyReply],
): Promise<FastifyReply | undefined> {
  const requestId = (): string => world.ids.nextRequest();
  switch (strike.kind) {
    case "timeout":
    case "dropped":
      return swallow(request, reply, strike.kind);
    case "slow":
      await new Promise<void>((resolve) => void world.clock.schedule(strike.delayMs, resolve));
      return undefined;
    case "serverError": {
      const { type, payload } = brokenPage(strike.status, strike.body);
      return reply.code(strike.status).type(type).send(payload);
    }
    case "unauthorized":
      return reply.code(401).send({ message: "Unauthorized" });
    case "rateLimited":
      return reply.code(429).send({ message: "Too Many Requests" });
    case "throttled":
      return reply.send(throttled(world, asked, requestId()));
    case "unexpectedError": {
      const { message, code } = unexpectedError;
      const operation = asked.fields[0]?.name ?? "";
      const failure = { message, operation, field: operation, request_id: requestId(), code };
      return reply.send({ errors: [failure], data: emptyData(asked.fields) });
    }
    default:
      return undefined;
  }
}
