import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import type { z } from "zod";

/** An answer of a control call. Our own, so plain. */
export interface ControlAnswer {
  status: number;
  body: unknown;
}

export function ok(body: unknown, status = 200): ControlAnswer {
  return { status, body };
}

export function unknown(kind: string, name: string): ControlAnswer {
  return { status: 404, body: { code: `unknown_${kind}`, message: `no ${kind} ${name}` } };
}

export function invalidState(message: string): ControlAnswer {
  return { status: 409, body: { code: "invalid_state", message } };
}

export function invalidRequest(message: string): ControlAnswer {
  return { status: 400, body: { code: "invalid_request", message } };
}

/** Parses a body and goes on, or says which field is wrong. */
export function withBody<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  handle: (parsed: z.infer<Schema>) => ControlAnswer,
): ControlAnswer {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return handle(parsed.data);
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  return invalidRequest(`${field === "" ? "body" : field}: ${issue?.message ?? "is wrong"}`);
}

export function sendControl(reply: FastifyReply, { status, body }: ControlAnswer): FastifyReply {
  return reply.code(status).send(body);
}

/** Bodies that cannot be read and paths that are not there are the caller's mistake, told in our own shape. */
export function answerMistakes(server: FastifyInstance): void {
  server.setErrorHandler((error: FastifyError, _, reply) => {
    if ((error.statusCode ?? 500) >= 500) throw error;
    return sendControl(reply, {
      ...invalidRequest(`body: ${error.message}`),
      status: error.statusCode ?? 400,
    });
  });
  server.setNotFoundHandler((request, reply) =>
    sendControl(reply, { status: 404, body: { code: "unknown_call", message: `no ${request.url}` } }),
  );
}
