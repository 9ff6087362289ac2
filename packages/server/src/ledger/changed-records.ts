// Which rows a batch changes. Several entries may change the same row; it is written once, as it stands after the last.
import type { EntryDraft, RecordChange } from "@onepool/core/ledger/entry.ts";
import { keyOf, type LedgerState } from "@onepool/core/ledger/ledger-state.ts";
import type { AlertRecord, Component, CountedAccount, UnmappedLine } from "@onepool/core/ledger/records.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";

/** A row by its key in the state, with the entries of this batch that touched it. */
export interface ChangedRow {
  readonly key: string;
  /** No such row before this batch. */
  readonly isNew: boolean;
  readonly firstSeq: number;
  lastSeq: number;
  /** The row as it stands after this batch; set when the batch is encoded. */
  record: unknown;
}

export interface ChangedListing extends ChangedRow {
  /** What the row said before this batch. */
  readonly oldComponents: readonly Component[];
}

/** An alert that was open before this batch. */
export interface ChangedAlert {
  readonly alert: AlertRecord;
  readonly resolvedSeq: number | null;
}

/** An alert opened in this batch, perhaps resolved in it as well. */
export interface NewAlert {
  readonly alertId: string;
  alert: AlertRecord;
  readonly openedSeq: number;
  resolvedSeq: number | null;
}

export interface StockCount {
  readonly account: CountedAccount;
  readonly asOf: Instant;
  readonly units: Units;
  readonly seq: number;
}

export class ChangedRecords {
  readonly skus = new Map<string, ChangedRow>();
  readonly locations = new Map<string, ChangedRow>();
  readonly connections = new Map<string, ChangedRow>();
  readonly listings = new Map<string, ChangedListing>();
  readonly orders = new Map<string, ChangedRow>();
  readonly reservations = new Map<string, ChangedRow>();
  readonly withheld = new Map<string, ChangedRow>();
  readonly inbounds = new Map<string, ChangedRow>();
  readonly counts: StockCount[] = [];
  /** Waiting lines that come or go; the seq is that of the entry. */
  readonly unmapped = new Map<
    string,
    { line: UnmappedLine; wasWaiting: boolean; isWaiting: boolean; seq: number }
  >();
  readonly openAlerts = new Map<string, ChangedAlert>();
  readonly newAlerts: NewAlert[] = [];
  /** By subject, the alert of `newAlerts` that is still open. */
  private readonly stillOpen = new Map<string, NewAlert>();

  /** To be called with each entry before the state applies it. */
  note(state: LedgerState, draft: EntryDraft, seq: number): void {
    for (const [place, change] of draft.changes.entries()) this.noteChange(state, change, { seq, place });
  }

  private noteChange(state: LedgerState, change: RecordChange, at: { seq: number; place: number }): void {
    switch (change.table) {
      case "sku":
        touch(this.skus, state.skus, change.record.sku, at.seq);
        return;
      case "location":
        touch(this.locations, state.locations, change.record.code, at.seq);
        return;
      case "connection":
        touch(this.connections, state.connections, change.record.code, at.seq);
        return;
      case "listing":
        this.noteListing(state, keyOf(change.record.connection, change.record.externalId), at.seq);
        return;
      case "order":
        touch(this.orders, state.orders, keyOf(change.record.channel, change.record.orderId), at.seq);
        return;
      case "reservation":
        touch(this.reservations, state.reservations, change.record.reservationId, at.seq);
        return;
      case "inbound":
        touch(this.inbounds, state.inbounds, change.record.inboundId, at.seq);
        return;
      case "withheld":
        touch(this.withheld, state.withheldUnits, change.record.sku, at.seq);
        return;
      case "stock_count": {
        const { account, asOf, units } = change;
        this.counts.push({ account, asOf, units, seq: at.seq });
        return;
      }
      case "unmapped_line":
        this.noteUnmapped(state, change.line, { isWaiting: change.change === "add", seq: at.seq });
        return;
      case "alert":
        this.noteAlert(state, change, at);
        return;
      default:
        change satisfies never;
    }
  }

  private noteListing(state: LedgerState, key: string, seq: number): void {
    const noted = this.listings.get(key);
    if (noted !== undefined) {
      noted.lastSeq = seq;
      return;
    }
    const old = state.listings.get(key) ?? null;
    const row = {
      key,
      isNew: old === null,
      firstSeq: seq,
      lastSeq: seq,
      record: null,
      oldComponents: old?.components ?? [],
    };
    this.listings.set(key, row);
  }

  private noteUnmapped(
    state: LedgerState,
    line: UnmappedLine,
    now: { isWaiting: boolean; seq: number },
  ): void {
    const key = keyOf(line.names, line.code, line.channel, line.orderId, line.lineId);
    const noted = this.unmapped.get(key);
    const wasWaiting = noted?.wasWaiting ?? isWaitingIn(state, line);
    this.unmapped.set(key, { line, wasWaiting, isWaiting: now.isWaiting, seq: now.seq });
  }

  private noteAlert(
    state: LedgerState,
    change: Extract<RecordChange, { table: "alert" }>,
    at: { seq: number; place: number },
  ): void {
    if (change.change === "open") this.noteOpened(state, change.alert, at);
    else this.noteResolved(state, change.kind, change.subject, at.seq);
  }

  private noteOpened(state: LedgerState, alert: AlertRecord, at: { seq: number; place: number }): void {
    const key = keyOf(alert.kind, alert.subject);
    const opened = this.stillOpen.get(key);
    if (opened !== undefined) {
      opened.alert = alert;
      return;
    }
    // One that was open before this batch, and was not resolved in it, only gets its new words.
    const known = this.openAlerts.get(key);
    const wasOpen = known === undefined && state.openAlert(alert.kind, alert.subject) !== null;
    if (wasOpen || known?.resolvedSeq === null) {
      this.openAlerts.set(key, { alert, resolvedSeq: null });
      return;
    }
    const created = { alertId: `${at.seq}.${at.place}`, alert, openedSeq: at.seq, resolvedSeq: null };
    this.newAlerts.push(created);
    this.stillOpen.set(key, created);
  }

  private noteResolved(state: LedgerState, kind: AlertRecord["kind"], subject: string, seq: number): void {
    const key = keyOf(kind, subject);
    const opened = this.stillOpen.get(key);
    if (opened !== undefined) {
      opened.resolvedSeq = seq;
      this.stillOpen.delete(key);
      return;
    }
    const alert = this.openAlerts.get(key)?.alert ?? state.openAlert(kind, subject);
    if (alert !== null) this.openAlerts.set(key, { alert, resolvedSeq: seq });
  }
}

function touch<V>(
  changed: Map<string, ChangedRow>,
  table: ReadonlyMap<string, V | null>,
  key: string,
  seq: number,
): void {
  const noted = changed.get(key);
  if (noted === undefined)
    changed.set(key, {
      key,
      isNew: (table.get(key) ?? null) === null,
      firstSeq: seq,
      lastSeq: seq,
      record: null,
    });
  else noted.lastSeq = seq;
}

function isWaitingIn(state: LedgerState, line: UnmappedLine): boolean {
  return state
    .unmappedLines(line.names, line.code, line.channel)
    .some((other) => other.orderId === line.orderId && other.lineId === line.lineId);
}
