import type { Observation } from "@onepool/core/observe/observation.ts";

import type { OpenConnection } from "../connections/connection-registry.ts";
import type { LatencyRecorder } from "../observe/latency-recorder.ts";
import { parseJson } from "./hooks-route.ts";
import type { ClaimedNotice } from "./inbox-store.ts";
import type { OrderIntake } from "./order-intake.ts";

export interface OrderNews {
  readonly notice: ClaimedNotice;
  readonly connection: OpenConnection;
  readonly taken: OrderIntake & { readonly kind: "recorded" };
  readonly latency: LatencyRecorder;
  readonly now: number;
}

/** Says that news of an order came through, and how long it took. */
export function orderNews(news: OrderNews): Observation {
  const { notice, connection, taken, latency, now } = news;
  const { sellerId, code } = connection.row;
  const happenedAt = happenedAtOf(connection, notice.body);
  const between = { sellerId, code, kind: connection.row.kind };
  if (happenedAt !== null) latency.took(between, "event_to_received", notice.firstReceivedAt - happenedAt);
  latency.took(between, "received_to_committed", now - notice.firstReceivedAt);
  const { orderId } = taken.reading.report;
  const { topic, arrivals, firstReceivedAt: receivedAt } = notice;
  const body = { orderId, topic, seq: taken.seq, arrivals, happenedAt, receivedAt };
  return { connection: code, externalId: null, kind: "received", body };
}

/** When it happened, as the notification or, for an order found by a poll, the channel's list says. */
function happenedAtOf({ kind }: OpenConnection, body: unknown): number | null {
  if (typeof body === "string") {
    const reading = kind.readNotification(parseJson(body));
    return reading.kind === "notice" ? reading.happenedAt : null;
  }
  const updatedAt = typeof body === "object" && body !== null && "updatedAt" in body ? body.updatedAt : null;
  return typeof updatedAt === "number" ? updatedAt : null;
}
