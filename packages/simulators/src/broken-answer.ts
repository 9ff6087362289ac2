import type { FastifyReply, FastifyRequest } from "fastify";

/** A caller that waits longer than this for an answer that never comes is cut off. Real time. */
const LONGEST_SILENCE_WALL_MS = 120_000;

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

/** Ruins the answer of a call that was carried out, if the fault that struck is of such a kind. */
export async function spoilAnswer(
  request: FastifyRequest,
  payload: unknown,
  kind: string | undefined,
): Promise<unknown> {
  if (kind === "malformed" && typeof payload === "string") {
    return payload.slice(0, Math.ceil(payload.length / 2));
  }
  if (kind === "droppedAfterApply") request.raw.socket.destroy();
  if (kind === "timeoutAfterApply") await silence(request);
  return payload;
}
