import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from "fastify";
import type pg from "pg";

import { sendProblem } from "../api/problem.ts";
import type {} from "../auth/caller.ts";
import { arrivingNotice } from "./arriving-notice.ts";
import type { IntakeMetrics } from "./intake-metrics.ts";
import { storePosted } from "./notice-store.ts";

export interface HooksDeps {
  /** Connections of its own: a notification is stored while every other part waits for the database. */
  readonly pool: pg.Pool;
  readonly kinds: ReadonlyMap<string, ConnectorKind>;
  readonly clock: { now(): number };
  readonly metrics: IntakeMetrics;
  /** Something is in the inbox. */
  onStored(): void;
}

/** A notification is a pointer of a few hundred bytes. */
const BODY_BYTES_MAX = 64 * 1024;

interface HookRequest {
  Params: { channel: string; secret: string };
}

/**
 * `POST /hooks/{channel}/{secret}`: where channels say that something changed. Stored before it is answered, and answered
 * before anything is read. Whatever is well formed and comes to a known address is answered with 200, followed or not:
 * channels switch off what is not. What a notification tells of an order is believed as far as the address is kept secret; one
 * that only points cannot do more than cost a reading.
 *
 * MercadoLibre allows 500 ms. Measured at 20 a second on two cores that others used as well: with the database idle p50 6 ms and
 * 382 ms at most; with twelve connections writing and computing beside it and the tables of every worker locked 8 and 199 ms.
 */
export function hooksRoute(deps: HooksDeps): FastifyPluginCallback {
  return (app, _, done) => {
    readRawBodies(app);
    app.post<HookRequest>(
      "/hooks/:channel/:secret",
      { bodyLimit: BODY_BYTES_MAX, config: { access: "open" } },
      (request, reply) => takeNotification(deps, request, reply),
    );
    done();
  };
}

async function takeNotification(
  deps: HooksDeps,
  request: FastifyRequest<HookRequest>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { channel, secret } = request.params;
  const kind = deps.kinds.get(channel);
  if (kind === undefined) return unknown(deps, reply);
  const text = typeof request.body === "string" ? request.body : "";
  const reading = kind.readNotification(parseJson(text));
  if (reading.kind === "malformed") {
    deps.metrics.notification("malformed");
    const message = `This is no notification of ${kind.capability.title}.`;
    return sendProblem(reply, { code: "invalid_field", field: reading.reason, message });
  }
  const arriving = arrivingNotice(kind, reading, { text, receivedAt: deps.clock.now() });
  const stored = await storePosted(deps.pool, arriving, secret);
  if (stored === "unknown") return unknown(deps, reply);
  deps.metrics.notification(reading.kind === "notice" ? "stored" : "ignored");
  if (reading.kind === "notice") deps.onStored();
  return reply.code(200).send({});
}

/** The same for a channel, an account and a secret that do not exist: which of them it was is nobody's business. */
function unknown(deps: HooksDeps, reply: FastifyReply): FastifyReply {
  deps.metrics.notification("unknown");
  return sendProblem(reply, { code: "not_found", field: "", message: "There is nothing at this address." });
}

/** Bodies are read as they come, whatever type they say they are: channels do not always say it right. */
function readRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_, body, done) => done(null, body));
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
