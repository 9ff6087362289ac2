import type { FastifyInstance } from "fastify";
import { z } from "zod";

import type { SimulatorClock } from "../simulator-clock.ts";
import { type ControlAnswer, invalidRequest, ok, sendControl, withBody } from "./control-answer.ts";

const clockSchema = z.strictObject({
  factor: z.number().min(0).max(1_000_000).optional(),
  advanceMs: z.number().min(0).optional(),
  now: z.iso.datetime({ offset: true }).optional(),
});

function describeClock(clock: SimulatorClock): Record<string, unknown> {
  return {
    now: new Date(clock.now()).toISOString(),
    wallNow: new Date().toISOString(),
    factor: clock.factor(),
    pending: clock.pending(),
  };
}

function moveClock(clock: SimulatorClock, move: z.infer<typeof clockSchema>): ControlAnswer {
  const { factor, advanceMs, now } = move;
  if (now !== undefined && Date.parse(now) < clock.now()) {
    return invalidRequest("now: the clock only moves forward");
  }
  if (factor !== undefined) clock.setFactor(factor);
  if (advanceMs !== undefined) clock.advance(advanceMs);
  if (now !== undefined) clock.setNow(Math.max(Date.parse(now), clock.now()));
  return ok(describeClock(clock));
}

/** `/_sim/clock`. */
export function registerClockControl(server: FastifyInstance, clock: SimulatorClock): void {
  server.get("/clock", (_, reply) => sendControl(reply, ok(describeClock(clock))));
  server.post("/clock", (request, reply) =>
    sendControl(
      reply,
      withBody(clockSchema, request.body, (body) => moveClock(clock, body)),
    ),
  );
}
