// Master data: SKUs, locations, connections and listings. A PUT merges; the same again is a no-op; a mapping that waiting
// order lines asked for posts them at once, in the same transaction.
import type { PutConnection, PutListing, PutLocation, PutSku } from "./command.ts";
import { canonical } from "./content-hash.ts";
import { draft, refuse } from "./draft.ts";
import type { Decision, EntryDraft } from "./entry.ts";
import type { Json, JsonObject } from "./json.ts";
import type { OrderRecord } from "./order-record.ts";
import { withOversoldAlerts } from "./oversold.ts";
import { postRecipes } from "./post-line.ts";
import { addUp } from "./recipe.ts";
import type { Component, ConnectionRecord, ListingRecord, LocationRecord, SkuRecord, UnmappedLine } from "./records.ts";
import type { Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

export function decidePutSku(view: LedgerView, command: PutSku, now: Instant): Decision {
  const known = view.sku(command.sku);
  const attributes = merged(known?.attributes ?? {}, command.attributes);
  if (known !== null && same(known.attributes, attributes)) return { ok: true, seq: known.updatedSeq, answer: {} };
  const record: SkuRecord = { sku: command.sku, attributes, updatedSeq: 0 };
  const body = { sku: command.sku, attributes: command.attributes };
  const entry = draft({ kind: "sku", occurredAt: now, body, changes: [{ table: "sku", record }] });
  const posted = known === null ? postWaiting(view, view.unmappedLines("sku", command.sku, null), [{ sku: command.sku, units: 1 }], now) : [];
  return { ok: true, entries: withOversoldAlerts(view, [entry, ...posted]), answer: {} };
}

export function decidePutLocation(view: LedgerView, command: PutLocation, now: Instant): Decision {
  const known = view.location(command.code);
  const kind = command.locationKind ?? known?.kind ?? "warehouse";
  if (known !== null && known.kind !== kind && (known.kind === "channel" || kind === "channel")) {
    return refuse("invalid_field", "kind", `${command.code} is of kind ${known.kind}: units of ours and a channel's are counted apart, so make another location.`);
  }
  const record: LocationRecord = { code: command.code, kind, title: command.title ?? known?.title ?? "", updatedSeq: 0 };
  if (known !== null && known.kind === record.kind && known.title === record.title) return { ok: true, seq: known.updatedSeq, answer: {} };
  const body = { code: record.code, kind: record.kind, title: record.title };
  return { ok: true, entries: [draft({ kind: "location", occurredAt: now, body, changes: [{ table: "location", record }] })], answer: {} };
}

export function decidePutConnection(view: LedgerView, command: PutConnection, now: Instant): Decision {
  const known = view.connection(command.code);
  const kind = command.connectionKind ?? known?.kind;
  if (kind === undefined) return refuse("invalid_field", "kind", "A new connection says its kind, for example mercadolibre.");
  if (known !== null && known.kind !== kind && known.kind !== "api") {
    return refuse("invalid_field", "kind", `${command.code} is a connection of kind ${known.kind}: make another one for ${kind}.`);
  }
  const record: ConnectionRecord = {
    code: command.code,
    kind,
    mode: command.mode ?? known?.mode ?? "import",
    settings: merged(known?.settings ?? {}, command.settings ?? {}),
    credentials: command.credentials ?? known?.credentials ?? null,
    since: command.since === undefined ? (known?.since ?? null) : command.since,
    updatedSeq: 0,
  };
  if (known !== null && sameConnection(known, record)) return { ok: true, seq: known.updatedSeq, answer: {} };
  const { code, mode, settings, since } = record;
  const body = { code, kind, mode, settings, since, credentialsChanged: command.credentials !== undefined };
  return { ok: true, entries: [draft({ kind: "connection", occurredAt: now, body, changes: [{ table: "connection", record }] })], answer: {} };
}

function sameConnection(left: ConnectionRecord, right: ConnectionRecord): boolean {
  const isSame = left.kind === right.kind && left.mode === right.mode && left.since === right.since && left.credentials === right.credentials;
  return isSame && same(left.settings, right.settings);
}

export function decidePutListing(view: LedgerView, command: PutListing, now: Instant): Decision {
  const { connection, externalId } = command;
  if (view.connection(connection) === null) return refuse("unknown_connection", "connection", `There is no connection ${connection}: create it first.`);
  const known = view.listing(connection, externalId);
  if (known === null && command.components === undefined) {
    return refuse("invalid_field", "components", "A new listing says what it sells: components, each with sku and units.");
  }
  const unknown = (command.components ?? []).findIndex(({ sku }) => view.sku(sku) === null);
  if (unknown >= 0) return refuse("unknown_sku", `components.${unknown}.sku`, `There is no SKU ${command.components?.[unknown]?.sku}: create it first.`);
  if (command.components?.length === 0) return refuse("invalid_field", "components", "A listing sells at least one component.");
  const components = addUp(command.components ?? known?.components ?? []);
  const settings = merged(known?.settings ?? {}, command.settings ?? {});
  if (known !== null && same(known.components, components) && same(known.settings, settings)) return { ok: true, seq: known.updatedSeq, answer: {} };
  const record: ListingRecord = { connection, externalId, components, settings, updatedSeq: 0 };
  const body = { connection, externalId, components: asJson(components), settings };
  const entry = draft({ kind: "listing", occurredAt: now, channel: connection, body, changes: [{ table: "listing", record }] });
  const posted = known === null ? postWaiting(view, view.unmappedLines("listing", externalId, connection), components, now) : [];
  return { ok: true, entries: withOversoldAlerts(view, [entry, ...posted]), answer: {} };
}

/** Posts the lines that waited for a mapping, one entry per order. A line mapped by its other name meanwhile is left alone. */
function postWaiting(view: LedgerView, waiting: readonly UnmappedLine[], recipe: readonly Component[], now: Instant): EntryDraft[] {
  const byOrder = new Map<OrderRecord, string[]>();
  for (const { channel, orderId, lineId } of waiting) {
    const order = view.order(channel, orderId);
    const line = order?.lines.find((candidate) => candidate.lineId === lineId);
    if (order === null || line === undefined || line.recipe !== null) continue;
    byOrder.set(order, [...(byOrder.get(order) ?? []), lineId]);
  }
  return [...byOrder].map(([order, lineIds]) => postRecipes(view, order, lineIds.map((lineId) => ({ lineId, recipe })), { kind: "mapped", now }));
}

/** A shallow merge: an absent member stays, a null one goes. */
function merged(known: JsonObject, changes: JsonObject): JsonObject {
  const entries = Object.entries({ ...known, ...definedOnly(changes) }).filter(([, value]) => value !== null);
  return Object.fromEntries(entries);
}

function definedOnly(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function same(left: unknown, right: unknown): boolean {
  return canonical(left as Json) === canonical(right as Json);
}

function asJson(components: readonly Component[]): Json {
  return components.map(({ sku, units }) => ({ sku, units }));
}
