// The statements for the rows beside balances: each as it stands after the batch.
import { openUnits } from "@onepool/core/ledger/inbound-legs.ts";
import { invariant } from "@onepool/core/ledger/invariant.ts";
import type { LedgerState } from "@onepool/core/ledger/ledger-state.ts";
import type { AlertRecord } from "@onepool/core/ledger/records.ts";

import type { Statement, Step } from "./burst.ts";
import type { ChangedRow } from "./changed-records.ts";
import type { DecidedBatch } from "./decided-batch.ts";
import { encodeOrder } from "./encode-order.ts";
import { int8Array, jsonArray, textArray, type Value } from "./wire-buffer.ts";
import * as write from "./write-statements.ts";

export function recordSteps(
  sellerId: number,
  state: LedgerState,
  { changed, recordedAt }: DecidedBatch,
): Step[] {
  const context: Context = { sellerId, state, recordedAt };
  return [
    ...orderSteps(context, changed),
    ...reservationSteps(context, changed),
    ...withheldSteps(context, changed),
    ...masterDataSteps(context, changed),
    ...listingSteps(context, changed),
    ...inboundSteps(context, changed),
    ...countSteps(context, changed),
    ...unmappedSteps(context, changed),
    ...alertSteps(context, changed),
  ];
}

interface Context {
  readonly sellerId: number;
  readonly state: LedgerState;
  readonly recordedAt: number;
}

type Changed = DecidedBatch["changed"];

function orderSteps({ sellerId, state }: Context, { orders }: Changed): Step[] {
  const created: ChangedRow[] = [];
  const updated: ChangedRow[] = [];
  for (const row of orders.values()) (row.isNew ? created : updated).push(row);
  const valuesOf = (rows: readonly ChangedRow[]): Value[] => {
    const records = rows.map((row) => rememberedRecord(state.orders, row));
    return [
      sellerId,
      textArray(records, ({ channel }) => channel),
      textArray(records, ({ orderId }) => orderId),
      int8Array(rows, ({ firstSeq }) => firstSeq),
      int8Array(rows, ({ lastSeq }) => lastSeq),
      jsonArray(records, encodeOrder),
    ];
  };
  return [
    ...stepFor(created, write.INSERT_ORDERS, () => valuesOf(created)),
    ...stepFor(updated, write.UPDATE_ORDERS, () => valuesOf(updated)),
  ];
}

function reservationSteps({ sellerId, state }: Context, { reservations }: Changed): Step[] {
  const created: ChangedRow[] = [];
  const updated: ChangedRow[] = [];
  for (const row of reservations.values()) (row.isNew ? created : updated).push(row);
  const valuesOf = (rows: readonly ChangedRow[]): Value[] => {
    const records = rows.map((row) => rememberedRecord(state.reservations, row));
    return [
      sellerId,
      textArray(records, ({ reservationId }) => reservationId),
      textArray(records, (record) => record.state),
      int8Array(records, ({ expiresAt }) => expiresAt),
      jsonArray(records, ({ asked, components }) => JSON.stringify({ asked, components })),
      int8Array(records, ({ firstSeq }) => firstSeq),
      int8Array(records, ({ lastSeq }) => lastSeq),
    ];
  };
  return [
    ...stepFor(created, write.INSERT_RESERVATIONS, () => valuesOf(created)),
    ...stepFor(updated, write.UPDATE_RESERVATIONS, () => valuesOf(updated)),
  ];
}

function withheldSteps({ sellerId, state }: Context, { withheld }: Changed): Step[] {
  const rows = [...withheld.values()];
  const kept = rows.flatMap(({ key }) => state.withheldUnits.get(key) ?? []);
  const gone = rows.filter(({ key, isNew }) => !isNew && state.withheldUnits.get(key) === null);
  return [
    ...stepFor(gone, write.DELETE_WITHHELD, () => [sellerId, textArray(gone, ({ key }) => key)]),
    ...stepFor(kept, write.PUT_WITHHELD, () => [
      sellerId,
      textArray(kept, ({ sku }) => sku),
      int8Array(kept, ({ units }) => units),
      seqs(kept),
    ]),
  ];
}

function masterDataSteps({ sellerId, state }: Context, changed: Changed): Step[] {
  const skus = [...changed.skus.keys()].map((key) => recordOf(state.skus, key));
  const locations = [...changed.locations.keys()].map((key) => recordOf(state.locations, key));
  const connections = [...changed.connections.keys()].map((key) => recordOf(state.connections, key));
  return [
    ...stepFor(skus, write.PUT_SKUS, () => [
      sellerId,
      textArray(skus, ({ sku }) => sku),
      jsonArray(skus, ({ attributes }) => JSON.stringify(attributes)),
      seqs(skus),
    ]),
    ...stepFor(locations, write.PUT_LOCATIONS, () => [
      sellerId,
      textArray(locations, ({ code }) => code),
      textArray(locations, ({ kind }) => kind),
      textArray(locations, ({ title }) => title),
      jsonArray(locations, ({ serves }) => JSON.stringify(serves)),
      seqs(locations),
    ]),
    ...stepFor(connections, write.PUT_CONNECTIONS, () => [
      sellerId,
      textArray(connections, ({ code }) => code),
      textArray(connections, ({ kind }) => kind),
      textArray(connections, ({ mode }) => mode),
      jsonArray(connections, ({ settings }) => JSON.stringify(settings)),
      textArray(connections, ({ credentials }) => credentials),
      int8Array(connections, ({ since }) => since),
      seqs(connections),
    ]),
  ];
}

function listingSteps({ sellerId, state }: Context, changed: Changed): Step[] {
  const rows = [...changed.listings.values()];
  const listings = rows.map(({ key }) => recordOf(state.listings, key));
  const parts = listings.flatMap(({ connection, externalId, components }) =>
    components.map(({ sku, units }) => ({ sku, connection, externalId, units })),
  );
  const oldParts = rows.flatMap(({ key, oldComponents }) => {
    const { connection, externalId } = recordOf(state.listings, key);
    return oldComponents.map(({ sku }) => ({ sku, connection, externalId }));
  });
  return [
    ...stepFor(listings, write.PUT_LISTINGS, () => [
      sellerId,
      textArray(listings, ({ connection }) => connection),
      textArray(listings, ({ externalId }) => externalId),
      jsonArray(listings, ({ components }) => JSON.stringify(components)),
      jsonArray(listings, ({ settings }) => JSON.stringify(settings)),
      seqs(listings),
    ]),
    ...stepFor(oldParts, write.DELETE_LISTING_COMPONENTS, () => [
      sellerId,
      textArray(oldParts, ({ sku }) => sku),
      textArray(oldParts, ({ connection }) => connection),
      textArray(oldParts, ({ externalId }) => externalId),
    ]),
    ...stepFor(parts, write.INSERT_LISTING_COMPONENTS, () => [
      sellerId,
      textArray(parts, ({ sku }) => sku),
      textArray(parts, ({ connection }) => connection),
      textArray(parts, ({ externalId }) => externalId),
      int8Array(parts, ({ units }) => units),
    ]),
  ];
}

function inboundSteps({ sellerId, state }: Context, { inbounds: changed }: Changed): Step[] {
  const inbounds = [...changed.keys()].map((key) => recordOf(state.inbounds, key));
  const lines = inbounds.flatMap((inbound) =>
    inbound.lines.map((line) => ({
      ...line,
      inboundId: inbound.inboundId,
      open: openUnits(inbound, line),
    })),
  );
  return [
    ...stepFor(inbounds, write.PUT_INBOUNDS, () => [
      sellerId,
      textArray(inbounds, ({ inboundId }) => inboundId),
      textArray(inbounds, ({ location }) => location),
      textArray(inbounds, ({ status }) => status),
      int8Array(inbounds, ({ expectedAt }) => expectedAt),
      jsonArray(inbounds, ({ from, lines: told }) => JSON.stringify({ from, lines: told })),
      seqs(inbounds),
    ]),
    ...stepFor(lines, write.PUT_INBOUND_LINES, () => [
      sellerId,
      textArray(lines, ({ sku }) => sku),
      textArray(lines, ({ inboundId }) => inboundId),
      int8Array(lines, ({ expected }) => expected),
      int8Array(lines, ({ received }) => received),
      int8Array(lines, ({ open }) => open),
    ]),
  ];
}

function countSteps({ sellerId }: Context, { counts }: Changed): Step[] {
  return stepFor(counts, write.INSERT_COUNTS, () => [
    sellerId,
    textArray(counts, ({ account }) => account.sku),
    textArray(counts, ({ account }) => account.location),
    textArray(counts, ({ account }) => account.bucket),
    int8Array(counts, ({ asOf }) => asOf),
    int8Array(counts, ({ seq }) => seq),
    int8Array(counts, ({ units }) => units),
  ]);
}

function unmappedSteps({ sellerId }: Context, { unmapped }: Changed): Step[] {
  const rows = [...unmapped.values()];
  const came = rows.filter((row) => row.isWaiting && !row.wasWaiting);
  const gone = rows.filter((row) => !row.isWaiting && row.wasWaiting);
  const columnsOf = (some: typeof rows): Value[] => [
    textArray(some, ({ line }) => line.names),
    textArray(some, ({ line }) => line.code),
    textArray(some, ({ line }) => line.channel),
    textArray(some, ({ line }) => line.orderId),
    textArray(some, ({ line }) => line.lineId),
  ];
  return [
    ...stepFor(gone, write.DELETE_UNMAPPED, () => [sellerId, ...columnsOf(gone)]),
    ...stepFor(came, write.INSERT_UNMAPPED, () => [
      sellerId,
      ...columnsOf(came),
      int8Array(came, ({ seq }) => seq),
    ]),
  ];
}

function alertSteps({ sellerId, recordedAt }: Context, { openAlerts, newAlerts }: Changed): Step[] {
  const open = [...openAlerts.values()];
  const columnsOf = (alerts: readonly AlertRecord[]): Value[] => [
    textArray(alerts, ({ kind }) => kind),
    textArray(alerts, ({ subject }) => subject),
    textArray(alerts, ({ severity }) => severity),
    jsonArray(alerts, alertBody),
  ];
  return [
    // First what was open is resolved, so that the same subject may be opened anew.
    ...stepFor(open, write.UPDATE_OPEN_ALERTS, () => [
      sellerId,
      ...columnsOf(open.map(({ alert }) => alert)),
      int8Array(open, ({ resolvedSeq }) => resolvedSeq),
      recordedAt,
    ]),
    ...stepFor(newAlerts, write.INSERT_ALERTS, () => [
      sellerId,
      textArray(newAlerts, ({ alertId }) => alertId),
      ...columnsOf(newAlerts.map(({ alert }) => alert)),
      int8Array(newAlerts, ({ openedSeq }) => openedSeq),
      int8Array(newAlerts, ({ resolvedSeq }) => resolvedSeq),
      recordedAt,
    ]),
  ];
}

function alertBody({ kind: _, subject: __, severity: ___, ...body }: AlertRecord): string {
  return JSON.stringify(body);
}

/** The step that writes these rows, none for no rows. How many are expected comes last. */
function stepFor(rows: readonly unknown[], statement: Statement, values: () => Value[]): Step[] {
  return rows.length === 0 ? [] : [{ statement, values: [...values(), rows.length] }];
}

function seqs(records: readonly { readonly updatedSeq: number }[]): Value {
  return int8Array(records, ({ updatedSeq }) => updatedSeq);
}

function recordOf<V>(table: ReadonlyMap<string, V | null>, key: string): V {
  const record = table.get(key) ?? null;
  invariant(record !== null, `a changed row stands in the state: ${key}`);
  return record;
}

/** The record, noted in its row: the cache forgets it once the batch stands, unless it changed again. */
function rememberedRecord<V>(table: ReadonlyMap<string, V | null>, row: ChangedRow): V {
  const record = recordOf(table, row.key);
  row.record = record;
  return record;
}
