import type { FastifyInstance } from "fastify";

import { cancelReturn } from "../../warehouse/return-acts.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { answer, problem, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { writingChannel } from "../vendor/vendor-api.ts";
import type { World } from "../world.ts";
import { createReturn } from "./create-return.ts";
import { returnBody } from "./return-body.ts";
import { listReturns } from "./return-list.ts";

function cancel(world: World, target: string): VendorAnswer {
  const goods = world.returns.get(Number(/^(\d{1,15}):cancel$/.exec(target)?.[1] ?? Number.NaN));
  if (goods === undefined) return { status: 400 };
  const outcome = cancelReturn(world.warehouse, { id: goods.worldId, by: "api" });
  return outcome.done ? answer({}) : { status: 400 };
}

/** `return…`. */
export function registerReturnRoutes(server: FastifyInstance, world: World): void {
  server.post("/return", (request, reply) => {
    const channel = writingChannel(world, request, "returns_write");
    return sendAnswer(reply, "status" in channel ? channel : createReturn(world, channel, request.body));
  });
  server.get("/return", (request, reply) => sendAnswer(reply, listReturns(world, request.query)));
  server.get<{ Params: { id: string } }>("/return/:id", (request, reply) => {
    const goods = world.returns.get(Number(request.params.id));
    const missing = problem(404, "Not Found", `No return ${request.params.id}.`);
    return sendAnswer(reply, goods === undefined ? missing : answer(returnBody(world, goods)));
  });
  server.post<{ Params: { target: string } }>(
    "/return/:target",
    { config: { call: "/return/:id:cancel" } },
    (request, reply) => sendAnswer(reply, cancel(world, request.params.target)),
  );
}
