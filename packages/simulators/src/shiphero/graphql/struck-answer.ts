import type { FastifyReply, FastifyRequest } from "fastify";

import { swallow } from "../../broken-answer.ts";
import type { FaultRule } from "../faults.ts";
import type { World } from "../world.ts";
import type { PricedField } from "./price.ts";
import { emptyData, throttled } from "./throttled.ts";
import { unexpectedError } from "./vendor-refusal.ts";

interface Struck {
  status: number;
  type: string;
  payload: unknown;
}

function json(status: number, payload: object): Struck {
  return { status, type: "application/json", payload };
}

function brokenPage(status: number, body: "json" | "html" | "text"): Struck {
  if (body === "json") return json(status, { message: "Internal server error" });
  if (body === "text") return { status, type: "text/plain", payload: "upstream request timeout" };
  const page = `<html><head><title>${status} Bad Gateway</title></head><body><h1>${status}</h1></body></html>`;
  return { status, type: "text/html", payload: page };
}

function answerOf(
  world: World,
  asked: { fields: readonly PricedField[] },
  strike: FaultRule,
): Struck | undefined {
  const requestId = world.ids.nextRequest();
  switch (strike.kind) {
    case "serverError":
      return brokenPage(strike.status, strike.body);
    case "unauthorized":
      return json(401, { message: "Unauthorized" });
    case "rateLimited":
      return json(429, { message: "Too Many Requests" });
    case "throttled":
      return json(200, throttled(world, asked, requestId));
    case "unexpectedError": {
      const { message, code } = unexpectedError;
      const operation = asked.fields[0]?.name ?? "";
      const failure = { message, operation, field: operation, request_id: requestId, code };
      return json(200, { errors: [failure], data: emptyData(asked.fields) });
    }
    default:
      return undefined;
  }
}

/**
 * Lets a fault answer in place of the vendor; false when the request is carried out all the same. It does not hand
 * out the reply: that is a thenable, and whoever awaited it would wait for the answer itself.
 */
export async function struckAnswer(
  world: World,
  asked: { fields: readonly PricedField[] },
  strike: FaultRule,
  [request, reply]: [FastifyRequest, FastifyReply],
): Promise<boolean> {
  const answer = answerOf(world, asked, strike);
  if (answer !== undefined) {
    const { status, type, payload } = answer;
    void reply.code(status).type(type).send(payload);
    return true;
  }
  if (strike.kind === "timeout" || strike.kind === "dropped") {
    void swallow(request, reply, strike.kind);
    return true;
  }
  if (strike.kind === "slow") {
    await new Promise<void>((resolve) => void world.clock.schedule(strike.delayMs, resolve));
  }
  return false;
}
