import type { FastifyInstance } from "fastify";

import { cancelInbound } from "../../warehouse/inbound-acts.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { answer, fieldErrors, problem, type VendorAnswer } from "../vendor/vendor-answer.ts";
import type { World } from "../world.ts";
import { announceReceiving } from "./announce-receiving.ts";
import { inboundBehind, receivingBody } from "./receiving-body.ts";
import { receivingStatus } from "./receiving-book.ts";
import { listReceiving } from "./receiving-list.ts";

function missing(id: string): VendorAnswer {
  return problem(404, "Not Found", `No receiving order ${id}.`);
}

function cancel(world: World, target: string): VendorAnswer {
  const id = /^(\d{1,15}):cancel$/.exec(target)?.[1] ?? "";
  const order = world.receiving.get(Number(id));
  if (order === undefined) return missing(id);
  const outcome = cancelInbound(world.warehouse, { id: order.worldId, by: "api" });
  // Only orders in certain statuses can be cancelled, documented; which, is ASSUMED: those that have not arrived.
  if (!outcome.done)
    return fieldErrors(422, {
      status: [
        `A receiving order that is ${receivingStatus(inboundBehind(world, order))} cannot be cancelled.`,
      ],
    });
  return answer(receivingBody(world, order));
}

/** `receiving…`. */
export function registerReceivingRoutes(server: FastifyInstance, world: World): void {
  server.post("/receiving", (request, reply) => sendAnswer(reply, announceReceiving(world, request.body)));
  server.get("/receiving", (request, reply) => sendAnswer(reply, listReceiving(world, request.query)));
  server.get<{ Params: { id: string } }>("/receiving/:id", (request, reply) => {
    const order = world.receiving.get(Number(request.params.id));
    return sendAnswer(
      reply,
      order === undefined ? missing(request.params.id) : answer(receivingBody(world, order)),
    );
  });
  server.post<{ Params: { target: string } }>(
    "/receiving/:target",
    { config: { call: "/receiving/:id:cancel" } },
    (request, reply) => sendAnswer(reply, cancel(world, request.params.target)),
  );
}
