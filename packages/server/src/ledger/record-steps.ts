// The statements for the rows beside balances: each as it stands after the batch.
import { invariant } from "@onepool/core/ledger/invariant.ts";
import type { LedgerState } from "@onepool/core/ledger/ledger-state.ts";
import type { AlertRecord } from "@onepool/core/ledger/records.ts";

import { int8Array, jsonArray, textArray } from "./binary-array.ts";
import type { Statement, Step, Value } from "./burst.ts";
import type { ChangedRow } from "./changed-records.ts";
import type { DecidedBatch } from "./decided-batch.ts";
import { encodeOrder } from "./stored-order.ts";
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
    ...masterDataSteps(context, changed),
    ...listingSteps(context, changed),
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
    const records = rows.map((row) => recordOf(state.orders, row.key));
    return [
      sellerId,
      textArray(records.map(({ channel }) => channel)),
      textArray(records.map(({ orderId }) => orderId)),
      int8Array(rows.map(({ firstSeq }) => firstSeq)),
      int8Array(rows.map(({ lastSeq }) => lastSeq)),
      jsonArray(records.map(encodeOrder)),
    ];
  };
  return [
    ...stepFor(created, write.INSERT_ORDERS, () => valuesOf(created)),
    ...stepFor(updated, write.UPDATE_ORDERS, () => valuesOf(updated)),
  ];
}

function reservationSteps({ sellerId, state }: Context, { reservations }: Changed): Step[] {
  const records = [...reservations.keys()].map((key) => recordOf(state.reservations, key));
  return stepFor(records, write.PUT_RESERVATIONS, () => [
    sellerId,
    textArray(records.map(({ reservationId }) => reservationId)),
    textArray(records.map((record) => record.state)),
    int8Array(records.map(({ expiresAt }) => expiresAt)),
    jsonArray(records.map(({ asked, components }) => JSON.stringify({ asked, components }))),
    int8Array(records.map(({ firstSeq }) => firstSeq)),
    int8Array(records.map(({ lastSeq }) => lastSeq)),
  ]);
}

function masterDataSteps({ sellerId, state }: Context, changed: Changed): Step[] {
  const skus = [...changed.skus.keys()].map((key) => recordOf(state.skus, key));
  const locations = [...changed.locations.keys()].map((key) => recordOf(state.locations, key));
  const connections = [...changed.connections.keys()].map((key) => recordOf(state.connections, key));
  return [
    ...stepFor(skus, write.PUT_SKUS, () => [
      sellerId,
      textArray(skus.map(({ sku }) => sku)),
      jsonArray(skus.map(({ attributes }) => JSON.stringify(attributes))),
      seqs(skus),
    ]),
    ...stepFor(locations, write.PUT_LOCATIONS, () => [
      sellerId,
      textArray(locations.map(({ code }) => code)),
      textArray(locations.map(({ kind }) => kind)),
      textArray(locations.map(({ title }) => title)),
      seqs(locations),
    ]),
    ...stepFor(connections, write.PUT_CONNECTIONS, () => [
      sellerId,
      textArray(connections.map(({ code }) => code)),
      textArray(connections.map(({ kind }) => kind)),
      textArray(connections.map(({ mode }) => mode)),
      jsonArray(connections.map(({ settings }) => JSON.stringify(settings))),
      textArray(connections.map(({ credentials }) => credentials)),
      int8Array(connections.map(({ since }) => since)),
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
      textArray(listings.map(({ connection }) => connection)),
      textArray(listings.map(({ externalId }) => externalId)),
      jsonArray(listings.map(({ components }) => JSON.stringify(components))),
      jsonArray(listings.map(({ settings }) => JSON.stringify(settings))),
      seqs(listings),
    ]),
    ...stepFor(oldParts, write.DELETE_LISTING_COMPONENTS, () => [
      sellerId,
      textArray(oldParts.map(({ sku }) => sku)),
      textArray(oldParts.map(({ connection }) => connection)),
      textArray(oldParts.map(({ externalId }) => externalId)),
    ]),
    ...stepFor(parts, write.INSERT_LISTING_COMPONENTS, () => [
      sellerId,
      textArray(parts.map(({ sku }) => sku)),
      textArray(parts.map(({ connection }) => connection)),
      textArray(parts.map(({ externalId }) => externalId)),
      int8Array(parts.map(({ units }) => units)),
    ]),
  ];
}

function countSteps({ sellerId }: Context, { counts }: Changed): Step[] {
  return stepFor(counts, write.INSERT_COUNTS, () => [
    sellerId,
    textArray(counts.map(({ sku }) => sku)),
    textArray(counts.map(({ location }) => location)),
    int8Array(counts.map(({ asOf }) => asOf)),
    int8Array(counts.map(({ seq }) => seq)),
    int8Array(counts.map(({ units }) => units)),
  ]);
}

function unmappedSteps({ sellerId }: Context, { unmapped }: Changed): Step[] {
  const rows = [...unmapped.values()];
  const came = rows.filter((row) => row.isWaiting && !row.wasWaiting);
  const gone = rows.filter((row) => !row.isWaiting && row.wasWaiting);
  const columnsOf = (some: typeof rows): Value[] => [
    textArray(some.map(({ line }) => line.names)),
    textArray(some.map(({ line }) => line.code)),
    textArray(some.map(({ line }) => line.channel)),
    textArray(some.map(({ line }) => line.orderId)),
    textArray(some.map(({ line }) => line.lineId)),
  ];
  return [
    ...stepFor(gone, write.DELETE_UNMAPPED, () => [sellerId, ...columnsOf(gone)]),
    ...stepFor(came, write.INSERT_UNMAPPED, () => [
      sellerId,
      ...columnsOf(came),
      int8Array(came.map(({ seq }) => seq)),
    ]),
  ];
}

function alertSteps({ sellerId, recordedAt }: Context, { openAlerts, newAlerts }: Changed): Step[] {
  const open = [...openAlerts.values()];
  const columnsOf = (alerts: readonly AlertRecord[]): Value[] => [
    textArray(alerts.map(({ kind }) => kind)),
    textArray(alerts.map(({ subject }) => subject)),
    textArray(alerts.map(({ severity }) => severity)),
    jsonArray(alerts.map(alertBody)),
  ];
  return [
    // First what was open is resolved, so that the same subject may be opened anew.
    ...stepFor(open, write.UPDATE_OPEN_ALERTS, () => [
      sellerId,
      ...columnsOf(open.map(({ alert }) => alert)),
      int8Array(open.map(({ resolvedSeq }) => resolvedSeq)),
      recordedAt,
    ]),
    ...stepFor(newAlerts, write.INSERT_ALERTS, () => [
      sellerId,
      textArray(newAlerts.map(({ alertId }) => alertId)),
      ...columnsOf(newAlerts.map(({ alert }) => alert)),
      int8Array(newAlerts.map(({ openedSeq }) => openedSeq)),
      int8Array(newAlerts.map(({ resolvedSeq }) => resolvedSeq)),
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
  return int8Array(records.map(({ updatedSeq }) => updatedSeq));
}

function recordOf<V>(table: ReadonlyMap<string, V | null>, key: string): V {
  const record = table.get(key) ?? null;
  invariant(record !== null, `a changed row stands in the state: ${key}`);
  return record;
}
