import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import type { Action, ActionCall } from "./action.ts";
import { batchActions } from "./batch-actions.ts";
import { messageActions } from "./message-actions.ts";
import { notSimulated, queueActions } from "./queue-actions.ts";
import type { QueueService } from "./queue-service.ts";
import { checkSignature } from "./signature.ts";
import { failureAnswer, isFailure, type SqsAnswer, type SqsFailure } from "./sqs-answer.ts";

const actions: Record<string, Action> = { ...messageActions, ...batchActions, ...queueActions };

const CONTENT_TYPE = "application/x-amz-json-1.0";
/** A full batch and its envelope. */
const MOST_BYTES = 4 * 1_024 * 1_024;

function parsedBody(body: Buffer): { input: unknown } | SqsFailure {
  try {
    return { input: JSON.parse(body.toString("utf8")) as unknown };
  } catch {
    return { error: "Serialization", message: "The request body is not valid JSON." };
  }
}

/** Aborted as soon as the caller hangs up, so that nothing is handed to a closed connection. */
function hungUpSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.on("close", () => {
    if (!reply.raw.writableEnded) controller.abort();
  });
  return controller.signal;
}

async function answerCall(
  service: QueueService,
  name: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<SqsAnswer> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const path = request.url.split("?")[0] ?? "/";
  const refused = checkSignature(
    { method: request.method, path, headers: request.headers, body },
    {
      region: service.region,
      keys: new Map(service.accessKeys.map((key) => [key.accessKeyId, key.secretAccessKey])),
      wallNow: Date.now,
    },
  );
  if (refused !== undefined) return failureAnswer(refused);
  const action = actions[name];
  if (action === undefined) return failureAnswer(notSimulated(name));
  const parsed = parsedBody(body);
  if (isFailure(parsed)) return failureAnswer(parsed);
  const call: ActionCall = {
    service,
    input: parsed.input,
    origin: `${request.protocol}://${request.host}`,
    hungUp: hungUpSignal(reply),
  };
  const outcome = await action(call);
  return isFailure(outcome) ? failureAnswer(outcome) : outcome;
}

function send(reply: FastifyReply, requestId: string, { status, body, queryError }: SqsAnswer): FastifyReply {
  void reply.code(status).header("x-amzn-RequestId", requestId);
  if (queryError !== undefined) void reply.header("x-amzn-query-error", queryError);
  // The date lets clients correct a clock that is off.
  void reply.header("date", new Date().toUTCString());
  void reply.header("content-type", CONTENT_TYPE);
  // Bytes, not text: text would be sent with a charset that the service does not name.
  return reply.send(Buffer.from(body === undefined ? "" : JSON.stringify(body)));
}

/** What strikes a call by the faults in force; seeded by how many of its kind there were. */
function strike(
  service: QueueService,
  name: string,
): "serverError" | "throttled" | "droppedAfterApply" | "none" {
  const faults = service.faults();
  if (faults.actions.length > 0 && !faults.actions.includes(name)) return "none";
  const nth = service.countCall(name);
  for (const kind of ["serverError", "throttled", "droppedAfterApply"] as const) {
    if (service.random.chance(`sqs|${kind}|${name}|${nth}`, faults[kind])) return kind;
  }
  return "none";
}

/**
 * The service's JSON protocol: every action is a POST to the root or to a queue's own path, told apart by
 * `x-amz-target`.
 */
export function registerQueueRoutes(server: FastifyInstance, service: QueueService): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: MOST_BYTES }, (_request, body, done) => {
    done(null, body);
  });

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const target = String(request.headers["x-amz-target"] ?? "");
    const name = target.replace(/^AmazonSQS\./, "");
    const requestId = service.random.uuid(`sqs|request|${service.countCall("*")}`);
    const isJson = request.headers["content-type"]?.startsWith(CONTENT_TYPE) === true;
    if (!isJson || name === target) return send(reply, requestId, failureAnswer(notSimulated(target)));
    const fault = strike(service, name);
    if (fault === "serverError") {
      const message = "We encountered an internal error. Please try again.";
      return send(reply, requestId, failureAnswer({ error: "InternalError", message }));
    }
    if (fault === "throttled") {
      return send(reply, requestId, failureAnswer({ error: "RequestThrottled", message: "Rate exceeded" }));
    }
    const answer = await answerCall(service, name, request, reply);
    if (fault !== "droppedAfterApply") return send(reply, requestId, answer);
    reply.hijack();
    reply.raw.destroy();
    return reply;
  };

  server.post("/", { bodyLimit: MOST_BYTES }, handle);
  server.post("/:accountId(^\\d{12}$)/:queueName", { bodyLimit: MOST_BYTES }, handle);
}
