// The part of one seller's ledger that a batch works on, in memory. Decisions read it, decided entries are applied to it.
// A complete state knows everything (replays, properties, backtests). A partial one is a cache of the database: reading a
// key it does not hold records a miss; the writer loads all misses of a batch in one round trip and decides again.
import { NO_LOCATION, isCounted, type Bucket, type CountedBucket } from "./bucket.ts";
import type { EntryDraft, Leg, RecordChange } from "./entry.ts";
import { invariant } from "./invariant.ts";
import { LedgerKeys, type MissingKeys } from "./missing-keys.ts";
import type { OrderRecord } from "./order-record.ts";
import type {
  AlertKind,
  AlertRecord,
  ConnectionRecord,
  CountedAccount,
  InboundRecord,
  ListingRecord,
  LocationRecord,
  ReservationRecord,
  SkuRecord,
  UnmappedLine,
  WithheldRecord,
} from "./records.ts";
import type { Instant, Units } from "./units.ts";
import type { LedgerView } from "./view.ts";

/** Joins the parts of a key; codes hold no control characters. */
export function keyOf(...parts: readonly string[]): string;
export function keyOf(first: string, second: string, ...more: readonly string[]): string {
  const key = `${first}\u001f${second}`; // nearly all keys, without an array
  return more.length === 0 ? key : `${key}\u001f${more.join("\u001f")}`;
}

/** All accounts of one SKU, by `location\u001fbucket`. */
export type SkuAccounts = Map<
  string,
  { readonly location: string; readonly bucket: Bucket; readonly units: Units }
>;

/** A row as it was (undefined: it was not there), or a step that takes back something else. */
type Undo = { map: Map<unknown, unknown>; key: unknown; old: unknown } | (() => void);

/** What a run of decided entries changed, and how it was before. */
export type AppliedRows = readonly Undo[];

type MasterDataChange = Extract<
  RecordChange,
  { table: "sku" | "location" | "connection" | "listing" | "inbound" }
>;

/** An external id that is taken, and by what. */
export interface ExternalEntry {
  readonly seq: number;
  readonly contentHash: string;
}

export class LedgerState implements LedgerView {
  readonly complete: boolean;
  readonly missing = new LedgerKeys();
  readonly skus = new Map<string, SkuRecord | null>();
  readonly locations = new Map<string, LocationRecord | null>();
  readonly connections = new Map<string, ConnectionRecord | null>();
  readonly listings = new Map<string, ListingRecord | null>();
  readonly accounts = new Map<string, SkuAccounts>();
  readonly orders = new Map<string, OrderRecord | null>();
  readonly reservations = new Map<string, ReservationRecord | null>();
  readonly withheldUnits = new Map<string, WithheldRecord | null>();
  readonly inbounds = new Map<string, InboundRecord | null>();
  readonly externalEntries = new Map<string, ExternalEntry | null>();
  /** Per (sku, location, bucket): the `asOf` of its counts. */
  readonly counts = new Map<string, Instant[]>();
  /** Per (sku, location, bucket): its legs by occurrence; in a partial state, sums after the instants asked for. */
  readonly countedLegs = new Map<string, { occurredAt: Instant; units: Units }[]>();
  readonly movedAfter = new Map<string, Map<Instant, Units>>();
  readonly unmapped = new Map<string, UnmappedLine[]>();
  readonly alerts = new Map<string, AlertRecord | null>();
  /** What was applied since `mark`, newest last: how to take it back. */
  private undo: Undo[] = [];

  constructor(options: { readonly complete: boolean }) {
    this.complete = options.complete;
  }

  sku(sku: string): SkuRecord | null {
    return this.read(this.skus, sku, "skus");
  }

  location(code: string): LocationRecord | null {
    return this.read(this.locations, code, "locations");
  }

  connection(code: string): ConnectionRecord | null {
    return this.read(this.connections, code, "connections");
  }

  listing(connection: string, externalId: string): ListingRecord | null {
    return this.read(this.listings, keyOf(connection, externalId), "listings");
  }

  order(channel: string, orderId: string): OrderRecord | null {
    return this.read(this.orders, keyOf(channel, orderId), "orders");
  }

  reservation(reservationId: string): ReservationRecord | null {
    return this.read(this.reservations, reservationId, "reservations");
  }

  withheld(sku: string): WithheldRecord | null {
    return this.read(this.withheldUnits, sku, "withheld");
  }

  inbound(inboundId: string): InboundRecord | null {
    return this.read(this.inbounds, inboundId, "inbounds");
  }

  externalEntry(kind: string, externalId: string): ExternalEntry | null {
    return this.read(this.externalEntries, keyOf(kind, externalId), "externalEntries");
  }

  openAlert(kind: AlertKind, subject: string): AlertRecord | null {
    return this.read(this.alerts, keyOf(kind, subject), "alerts");
  }

  balance(sku: string, location: string, bucket: Bucket): Units {
    return this.accountsOf(sku)?.get(keyOf(location, bucket))?.units ?? 0;
  }

  available(sku: string): Units {
    let units = 0;
    for (const account of this.accountsOf(sku)?.values() ?? []) {
      if (account.bucket === "sellable") units += this.isOwn(account.location) ? account.units : 0;
      else if (account.bucket === "reserved" || account.bucket === "committed") units -= account.units;
    }
    return units;
  }

  firstCountFrom({ sku, location, bucket }: CountedAccount, instant: Instant): Instant | null {
    const counts = this.read(this.counts, keyOf(sku, location, bucket), "counts") ?? [];
    let first: Instant | null = null;
    for (const asOf of counts) if (asOf >= instant && (first === null || asOf < first)) first = asOf;
    return first;
  }

  movedSince({ sku, location, bucket }: CountedAccount, instant: Instant): Units {
    const key = keyOf(sku, location, bucket);
    if (this.complete) {
      const legs = this.countedLegs.get(key) ?? [];
      return legs.reduce((sum, leg) => (leg.occurredAt > instant ? sum + leg.units : sum), 0);
    }
    const sum = this.movedAfter.get(key)?.get(instant);
    if (sum === undefined) this.missing.add("movedAfter", [sku, location, bucket, String(instant)]);
    return sum ?? 0;
  }

  unmappedLines(names: "sku" | "listing", code: string, channel: string | null): readonly UnmappedLine[] {
    const lines = this.read(this.unmapped, keyOf(names, code), "unmapped") ?? [];
    return channel === null ? lines : lines.filter((line) => line.channel === channel);
  }

  /** The accounts of a SKU; undefined when it has none (or, in a partial state, when they are not loaded). */
  accountsOf(sku: string): SkuAccounts | undefined {
    const accounts = this.accounts.get(sku);
    if (accounts === undefined && !this.complete) this.missing.add("accounts", [sku]);
    return accounts;
  }

  /** From here on, `rollback` takes back everything that is applied. */
  mark(): void {
    this.undo = [];
  }

  /** Takes back everything applied since `mark`: the batch is decided again or failed. Loaded rows stay. */
  rollback(): void {
    this.takeBack(this.handOver());
  }

  /** How to take back what was applied since `mark`; `rollback` no longer does. For who may have to do it later. */
  handOver(): AppliedRows {
    const applied = this.undo;
    this.undo = [];
    return applied;
  }

  /** Takes back what was applied, newest first: what was handed over last comes first. */
  takeBack(applied: AppliedRows): void {
    for (const step of applied.toReversed()) {
      if (typeof step === "function") step();
      else if (step.old === undefined) step.map.delete(step.key);
      else step.map.set(step.key, step.old);
    }
  }

  /** Makes a decided entry visible to what follows. `seq` is the number it will have. */
  apply(draft: EntryDraft, seq: number): void {
    for (const leg of draft.legs) this.applyLeg(leg);
    for (const change of draft.changes) this.applyChange(change, seq);
    if (draft.externalId !== null && draft.contentHash !== null) {
      this.put(this.externalEntries, keyOf(draft.kind, draft.externalId), {
        seq,
        contentHash: draft.contentHash,
      });
    }
  }

  private applyLeg(leg: Leg): void {
    let accounts = this.accountsOf(leg.sku);
    if (accounts === undefined) this.put(this.accounts, leg.sku, (accounts = new Map()));
    const key = keyOf(leg.location, leg.bucket);
    const units = (accounts.get(key)?.units ?? 0) + leg.units;
    this.put(accounts, key, { location: leg.location, bucket: leg.bucket, units });
    invariant(
      leg.bucket === "sellable" || units >= 0 || this.missing.size > 0,
      `${leg.bucket} of ${leg.sku} fell below zero`,
    );
    if (isCounted(leg.bucket)) this.rememberCounted(leg, leg.bucket);
  }

  private rememberCounted(leg: Leg, bucket: CountedBucket): void {
    invariant(leg.occurredAt !== undefined, "a physical leg says when it happened");
    const key = keyOf(leg.sku, leg.location, bucket);
    if (this.complete) {
      let legs = this.countedLegs.get(key);
      if (legs === undefined) this.countedLegs.set(key, (legs = []));
      legs.push({ occurredAt: leg.occurredAt, units: leg.units });
      this.undo.push(() => void legs.pop());
      return;
    }
    const sums = this.movedAfter.get(key);
    if (sums === undefined) return;
    for (const [instant, units] of sums)
      if (leg.occurredAt > instant) this.put(sums, instant, units + leg.units);
  }

  private applyChange(change: RecordChange, seq: number): void {
    switch (change.table) {
      case "order":
        this.put(
          this.orders,
          keyOf(change.record.channel, change.record.orderId),
          withSeen(change.record, change.stateHash, seq),
        );
        return;
      case "reservation": {
        const { record } = change;
        this.put(this.reservations, record.reservationId, {
          ...record,
          firstSeq: record.firstSeq || seq,
          lastSeq: seq,
        });
        return;
      }
      case "withheld": {
        const { record } = change;
        this.put(this.withheldUnits, record.sku, record.units > 0 ? { ...record, updatedSeq: seq } : null);
        return;
      }
      case "stock_count": {
        const { sku, location, bucket } = change.account;
        const key = keyOf(sku, location, bucket);
        const counts = this.read(this.counts, key, "counts") ?? [];
        this.put(this.counts, key, [...counts, change.asOf]);
        return;
      }
      case "unmapped_line":
        this.applyUnmapped(change.change, change.line);
        return;
      case "alert":
        if (change.change === "open")
          this.put(this.alerts, keyOf(change.alert.kind, change.alert.subject), change.alert);
        else this.put(this.alerts, keyOf(change.kind, change.subject), null);
        return;
      default:
        this.applyMasterData(change, seq);
    }
  }

  private applyMasterData(change: MasterDataChange, seq: number): void {
    switch (change.table) {
      case "sku":
        this.put(this.skus, change.record.sku, { ...change.record, updatedSeq: seq });
        return;
      case "location":
        this.put(this.locations, change.record.code, { ...change.record, updatedSeq: seq });
        return;
      case "connection":
        this.put(this.connections, change.record.code, { ...change.record, updatedSeq: seq });
        return;
      case "listing":
        this.put(this.listings, keyOf(change.record.connection, change.record.externalId), {
          ...change.record,
          updatedSeq: seq,
        });
        return;
      case "inbound":
        this.put(this.inbounds, change.record.inboundId, { ...change.record, updatedSeq: seq });
        return;
      default:
        change satisfies never;
    }
  }

  private applyUnmapped(change: "add" | "remove", line: UnmappedLine): void {
    const key = keyOf(line.names, line.code);
    const waiting = this.read(this.unmapped, key, "unmapped") ?? [];
    const others = waiting.filter((other) => lineKey(other) !== lineKey(line));
    this.put(this.unmapped, key, change === "add" ? [...others, line] : others);
  }

  /** A location nobody described is ours: legs only name locations that were checked. */
  private isOwn(location: string): boolean {
    return location === NO_LOCATION || this.location(location)?.kind !== "channel";
  }

  private put<K, V>(map: Map<K, V>, key: K, value: V): void {
    this.undo.push({ map: map as Map<unknown, unknown>, key, old: map.get(key) });
    map.set(key, value);
  }

  /** What a map holds under a key; in a partial state a key that is not loaded is noted as missing. */
  private read<V>(map: Map<string, V | null>, key: string, table: keyof MissingKeys): V | null {
    const value = map.get(key);
    if (value !== undefined) return value;
    if (!this.complete) this.missing.add(table, key.split("\u001f"));
    return null;
  }
}

function lineKey(line: UnmappedLine): string {
  return keyOf(line.channel, line.orderId, line.lineId);
}

/** The order with the hash of the state that changed it, so that a repeat is answered with this number. */
function withSeen(record: OrderRecord, stateHash: string | null, seq: number): OrderRecord {
  if (stateHash === null) return record;
  return { ...record, seen: [...record.seen, [stateHash, seq] as const].slice(-32) };
}
