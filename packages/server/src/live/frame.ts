import type { Json, JsonObject } from "@onepool/core/ledger/json.ts";

import type { LiveAlert, LiveEntry, LiveObservation, LiveSku } from "./live-store.ts";
import { positionText, type Position } from "./position.ts";

/** A piece of the stream, ready to be sent: everything between two positions. Shared by all who listen. */
export interface Frame {
  readonly from: Position;
  readonly to: Position;
  readonly bytes: Buffer;
}

/** What was read between two positions. */
export interface LiveBatch {
  readonly from: Position;
  readonly to: Position;
  readonly entries: readonly LiveEntry[];
  readonly skus: readonly LiveSku[];
  readonly alerts: readonly LiveAlert[];
  readonly observations: readonly LiveObservation[];
  /** There is more than fitted. */
  readonly more: boolean;
}

/**
 * Writes a batch as server-sent events. Each log's event carries its own id, so a stream cut between them goes on with
 * the other. Alerts come before the entries they belong to and carry no id: cut in between, they are told again with
 * them; an alert is a state under its `id`, so hearing it twice changes nothing.
 */
export function frameOf(batch: LiveBatch): Frame {
  const { from, to } = batch;
  const events = batch.alerts.map((alert) => eventText("alert", null, alertData(alert)));
  if (batch.entries.length > 0) {
    const data = { seq: to.seq, entries: batch.entries, skus: batch.skus };
    events.push(eventText("ledger", { seq: to.seq, cursor: from.cursor }, data));
  }
  if (batch.observations.length > 0) {
    const data = { cursor: to.cursor, observations: batch.observations.map(observationData) };
    events.push(eventText("observation", to, data));
  }
  return { from, to, bytes: Buffer.from(events.join("")) };
}

/** One server-sent event. JSON has no line breaks of its own, so the data is one line. */
export function eventText(event: string, id: Position | null, data: object): string {
  return `${id === null ? "" : `id: ${positionText(id)}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** What an observation says besides who and when stands beside it. */
function observationData(observation: LiveObservation): object {
  const { body, ...rest } = observation;
  return isObject(body) ? { ...body, ...rest } : { ...rest, body };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** As `GET /v1/alerts` shows it. */
function alertData(alert: LiveAlert): object {
  const { alertId, kind, severity, openedAt, resolvedAt } = alert;
  const {
    sku = null,
    units = null,
    message = "",
    channel = null,
    orderId = null,
    lineId = null,
  } = alert.body;
  const order = channel === null ? null : { channel, orderId, lineId };
  return { id: alertId, kind, severity, sku, order, units, message, openedAt, resolvedAt };
}
