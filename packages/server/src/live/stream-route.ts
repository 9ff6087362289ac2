import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { sendProblem } from "../api/problem.ts";
import { callerOf } from "../auth/caller.ts";
import type { Log } from "../log/log.ts";
import { eventText } from "./frame.ts";
import type { LiveHub, Listening } from "./live-hub.ts";
import type { LiveMetrics } from "./live-metrics.ts";
import { isAhead, parsePosition, type Position } from "./position.ts";
import { GapInLog } from "./read-batch.ts";
import { StreamConnection } from "./stream-connection.ts";

export interface StreamRouteOptions {
  readonly hub: LiveHub;
  readonly log: Log;
  readonly metrics: LiveMetrics;
  /** Defaults for tests to shorten. */
  readonly heartbeatMs?: number;
  readonly recheckMs?: number;
  readonly stallMs?: number;
}

/** How soon a browser connects again. */
const RETRY_MS = 1000;
/** Shorter than the idle limits of common proxies (30 to 60 s). */
const HEARTBEAT_MS = 15_000;
const RECHECK_MS = 2000;
const STALL_MS = 30_000;
/** Streams of one seller in this process; a browser keeps one per tab. */
const STREAMS_MAX = 1000;

/** The Fastify plugin with `GET /v1/stream`. */
export function streamRoute(options: StreamRouteOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const open = new Set<Promise<void>>();
    app.addHook("preClose", async () => {
      await options.hub.close();
      await Promise.all(open);
    });
    app.get("/v1/stream", { config: { access: "read" }, exposeHeadRoute: false }, async (request, reply) => {
      const asked = askedPosition(request);
      if (asked === "invalid") return refusePosition(reply);
      const listening = listen(options.hub, callerOf(request).sellerId);
      if (listening === null) return refuseStream(reply);
      const now = await startOf(listening, asked);
      const served = serve(options, { request, reply, listening, asked, now }).finally(() =>
        listening.leave(),
      );
      open.add(served);
      void served.finally(() => open.delete(served));
      return reply;
    });
  };
}

/** Where the feed stands, read anew if the client says it was further: another process may have told it more. */
async function startOf(listening: Listening, asked: Position | null): Promise<Position> {
  try {
    const now = await listening.feed.start();
    return asked !== null && isAhead(asked, now) ? await listening.feed.heads() : now;
  } catch (error) {
    listening.leave();
    throw error;
  }
}

interface Stream {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly listening: Listening;
  readonly asked: Position | null;
  /** Where the stream stands as this one begins. */
  readonly now: Position;
}

function listen(hub: LiveHub, sellerId: number): Listening | null {
  return hub.listeners(sellerId) < STREAMS_MAX ? hub.listen(sellerId) : null;
}

async function serve(options: StreamRouteOptions, stream: Stream): Promise<void> {
  const { request, reply, listening, now } = stream;
  reply.hijack();
  const connection = new StreamConnection(reply.raw, options.stallMs ?? STALL_MS);
  const timers = [
    setInterval(
      () => connection.beat(options.heartbeatMs ?? HEARTBEAT_MS),
      (options.heartbeatMs ?? HEARTBEAT_MS) / 3,
    ),
    setInterval(() => void endIfRevoked(request, connection), options.recheckMs ?? RECHECK_MS),
  ];
  options.metrics.opened();
  try {
    sendHead(reply);
    // The feed may have stood still since its last listener left: what came meanwhile is read now.
    listening.feed.wake();
    const from = await sendBeginning(connection, stream.asked, now);
    await sendFrames(options, connection, listening, from);
    connection.close("stopping", ": the server is stopping\n\n");
  } catch (error) {
    options.log.warn({ stage: "live", err: error }, "a stream broke off");
    connection.close("failed", ": this stream broke off, connect again\n\n");
  } finally {
    for (const timer of timers) clearInterval(timer);
    options.metrics.ended(connection.end ?? "left");
  }
}

function sendHead(reply: FastifyReply): void {
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store, no-transform",
    // Nginx would hold events back to fill a buffer.
    "x-accel-buffering": "no",
  });
  reply.raw.socket?.setNoDelay(true);
}

/** Says where the stream begins, and answers that place. */
async function sendBeginning(
  connection: StreamConnection,
  asked: Position | null,
  now: Position,
): Promise<Position> {
  const retry = `retry: ${RETRY_MS}\n`;
  if (asked !== null && isAhead(asked, now)) {
    await connection.write(retry + resetText("ahead", now));
    return now;
  }
  const from = asked ?? now;
  await connection.write(retry + eventText("position", from, from));
  return from;
}

async function sendFrames(
  options: StreamRouteOptions,
  connection: StreamConnection,
  { feed }: Listening,
  from: Position,
): Promise<void> {
  let at = from;
  for (;;) {
    try {
      const frame = await feed.next(at, connection.signal);
      if (frame === null) return;
      if (!(await connection.write(frame.bytes))) return;
      options.metrics.sent(frame.bytes.length);
      at = frame.to;
    } catch (error) {
      if (!(error instanceof GapInLog)) throw error;
      const now = await feed.start();
      // Nothing newer to go on from: asking again would find the same gap.
      if (now.seq <= at.seq && now.cursor <= at.cursor) throw error;
      if (!(await connection.write(resetText("gone", now)))) return;
      at = now;
    }
  }
}

/** Tells a client that it cannot go on from where it was: it reads the state anew and follows from `position`. */
function resetText(reason: "ahead" | "gone", position: Position): string {
  return eventText("reset", position, { ...position, reason });
}

async function endIfRevoked(request: FastifyRequest, connection: StreamConnection): Promise<void> {
  try {
    if ((await request.currentCaller?.()) === null)
      connection.close("revoked", eventText("end", null, { reason: "revoked" }));
  } catch {
    // The database is away: asked again in a moment, and nothing is streamed meanwhile.
  }
}

/** A browser that connects again sends the header; the address it was given at first is then out of date. */
function askedPosition(request: FastifyRequest): Position | null | "invalid" {
  const query = request.query as Record<string, unknown>;
  const text = request.headers["last-event-id"] ?? query.lastEventId;
  if (text === undefined || text === "") return null;
  return (typeof text === "string" ? parsePosition(text) : null) ?? "invalid";
}

function refusePosition(reply: FastifyReply): FastifyReply {
  return sendProblem(reply, {
    code: "invalid_field",
    field: "Last-Event-ID",
    message: "Last-Event-ID is the id of an event of this stream, such as 17.4; leave it out to begin now.",
  });
}

function refuseStream(reply: FastifyReply): FastifyReply {
  return sendProblem(reply, {
    code: "overloaded",
    field: "",
    message: `This server is stopping, or already serves ${STREAMS_MAX} streams of this seller: close some.`,
    retryAfterSeconds: 5,
  });
}
