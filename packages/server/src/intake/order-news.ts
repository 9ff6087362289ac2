import type { Observation } from "@onepool/core/observe/observation.ts";

import type { OpenConnection } from "../connections/connection-registry.ts";
import type { LatencyRecorder } from "../observe/latency-recorder.ts";
import { parseJson } from "./hooks-route.ts";
import type { ClaimedNotice } from "./inbox-store.ts";

export interface OrderNews {
  readonly notice: ClaimedNotice;
  readonly connection: OpenConnection;
  readonly orderId: string;
  readonly seq: number;
  readonly latency: LatencyRecorder;
  readonly now: number;
  /** What was told was posted before: its times are taken. */
  readonly isTimed: boolean;
}

/** Says that news of an order came through, and how long it took. */
export function orderNews(news: OrderNews): Observation {
  const { notice, connection, orderId, seq, latency, now } = news;
  const { sellerId, code, kind } = connection.row;
  const { topic, arrivals, firstReceivedAt: receivedAt } = notice;
  const happenedAt = happenedAtOf(connection, notice);
  if (!news.isTimed) {
    const between = { sellerId, code, kind };
    if (happenedAt !== null) {
      latency.took(between, "event_to_received", receivedAt - happenedAt);
      latency.took(between, "event_to_committed", now - happenedAt);
    }
    latency.took(between, "received_to_committed", now - receivedAt);
  }
  return {
    connection: code,
    externalId: null,
    kind: "received",
    body: { orderId, topic, seq, arrivals, happenedAt, receivedAt },
  };
}

/** When it happened, as the notification or, for an order found by a poll, the channel's list says. */
function happenedAtOf({ kind }: OpenConnection, { body, said }: ClaimedNotice): number | null {
  const [first] = said;
  const text = typeof first?.body === "string" ? first.body : body;
  if (typeof text === "string") {
    const reading = kind.readNotification(parseJson(text));
    return reading.kind === "notice" ? reading.happenedAt : null;
  }
  const updatedAt = typeof body === "object" && body !== null && "updatedAt" in body ? body.updatedAt : null;
  return typeof updatedAt === "number" ? updatedAt : null;
}
