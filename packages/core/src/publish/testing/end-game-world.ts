// Marketplace listings as they really are and a shop that reserves, over one pool in the end game, with what we know of them.
import { expect } from "vitest";

import { type DealtListing, dealQuotas } from "../../allocate/deal-quotas.ts";
import { LedgerStory } from "../../ledger/testing/ledger-story.ts";
import { exposureAfterReading, exposureAfterWrite, exposureOf, type ExposureView } from "../exposure.ts";
import { exposedAfter, exposedUnits, mayWrite, type PoolShare, type PoolWrite } from "../may-write.ts";

/**
 * One marketplace listing as it really is, with what we know of it. It lowers its own number at a sale, applies our writes
 * late, and tells of its sales late; with compare-and-set it refuses a write when anything moved since the reading.
 */
export class Channel {
  readonly key: string;
  readonly isCompared: boolean;
  readonly unitsPerSale: number;
  shows = 0;
  /** Changes with everything that happens to the number. */
  private version = 0;
  private unseen: number[] = [];
  private coming: { quantity: number; ifVersion: number | null }[] = [];
  private readVersion = 0;
  view: ExposureView = {
    observed: null,
    observedAt: null,
    observedUntil: null,
    pushed: null,
    overtakenUntil: null,
    ownSold: 0,
    reach: null,
    openSales: 0,
    ordersKnownUntil: null,
  };

  constructor(key: string, isCompared: boolean, unitsPerSale: number) {
    this.key = key;
    this.isCompared = isCompared;
    this.unitsPerSale = unitsPerSale;
  }

  sell(now: number): boolean {
    if (this.shows === 0) return false;
    this.shows -= 1;
    this.version += 1;
    this.unseen.push(now);
    return true;
  }

  /** The next write that is under way takes effect, or is refused. */
  apply(): void {
    const [write] = this.coming.splice(0, 1);
    if (write === undefined) return;
    if (write.ifVersion !== null && write.ifVersion !== this.version) return;
    this.shows = write.quantity;
    this.version += 1;
  }

  /** News of a sale reaches the ledger; answers how many units it takes off the pool. */
  learn(): number {
    if (this.unseen.shift() === undefined) return 0;
    this.view = { ...this.view, ownSold: this.view.ownSold + 1 };
    return this.unitsPerSale;
  }

  get isAllSeen(): boolean {
    return this.unseen.length === 0;
  }

  read(now: number): void {
    const { reach, ownSold } = this.view;
    const exposure = exposureAfterReading(this.view, this.shows);
    const isDone = this.coming.length === 0;
    this.readVersion = this.version;
    this.view = {
      ...this.view,
      observed: this.shows,
      observedAt: now,
      observedUntil: now,
      pushed: isDone ? null : this.view.pushed,
      reach: Math.max(ownSold + exposure, isDone ? 0 : (reach ?? 0)),
    };
  }

  write(quantity: number): void {
    const reach =
      this.view.ownSold + exposureAfterWrite(this.view, { quantity, isCompared: this.isCompared });
    this.coming.push({ quantity, ifVersion: this.isCompared ? this.readVersion : null });
    this.view = { ...this.view, reach, pushed: quantity };
  }

  get isWriting(): boolean {
    return this.coming.length > 0;
  }

  /** What may truly still be taken off the pool: sold and unseen, shown, and shown again after all of it was sold. */
  get truth(): number {
    let shown = this.shows;
    for (const { quantity, ifVersion } of this.coming) {
      if (ifVersion === null) shown += quantity;
      else if (ifVersion === this.version) shown = Math.max(shown, quantity);
    }
    return this.unseen.length + shown;
  }
}

export class World {
  now = 1;
  readonly channels: readonly Channel[];
  private readonly ledger = LedgerStory.withSkus("A");
  private asked = 0;

  constructor(available: number, channels: readonly Channel[]) {
    this.channels = channels;
    this.change(available);
  }

  get available(): number {
    return this.ledger.state.available("A");
  }

  private get withheld(): number {
    return this.ledger.state.withheld("A")?.units ?? 0;
  }

  /** A fact: so many units more, or fewer. */
  change(units: number): void {
    this.asked += 1;
    if (units === 0) return;
    const { ok } = this.ledger.move("adjustment", {
      sku: "A",
      location: "main",
      units,
      externalId: String(this.asked),
    });
    expect(ok).toBe(true);
  }

  /** The deal sees to it that no reservation gets what buyers may still take. */
  deal(): void {
    const { ok } = this.ledger.tell({
      kind: "withhold",
      sku: "A",
      units: this.exposed,
      was: this.withheld,
      as: "fact",
    });
    expect(ok).toBe(true);
  }

  /** A shop of the seller's own asks for units. */
  reserve(units: number): void {
    this.asked += 1;
    const fitted = this.exposed <= this.available;
    const { ok } = this.ledger.tell({
      kind: "reserve",
      reservationId: String(this.asked),
      lines: [{ sku: "A", units }],
      ttlSeconds: 60,
    });
    if (ok && fitted) expect(this.exposed).toBeLessThanOrEqual(this.available);
  }

  private get pools() {
    return new Map([["A", this.available]]);
  }

  private get shares(): PoolShare[] {
    return this.channels.map(({ key, unitsPerSale, view }) => ({
      key,
      components: [{ sku: "A", units: unitsPerSale }],
      exposure: view,
    }));
  }

  get exposed(): number {
    return exposedUnits(this.shares, "A");
  }

  /** It fits, and what it offers is withheld before it goes out. */
  private mayOffer(write: PoolWrite): boolean {
    if (!mayWrite(this.pools, this.shares, write)) return false;
    const units = exposedAfter(["A"], this.shares, write).get("A") ?? 0;
    const was = this.withheld;
    return units <= was || this.ledger.tell({ kind: "withhold", sku: "A", units, was, as: "request" }).ok;
  }

  complete(channel: Channel): void {
    while (!channel.isAllSeen) this.change(-channel.learn());
    channel.view = { ...channel.view, ordersKnownUntil: this.now };
  }

  /** Decides for one listing, as the publisher does in the end game. */
  decide(channel: Channel): void {
    if (channel.view.observed === null) return channel.read(this.now);
    const dealt = this.channels.map(({ key, isCompared, unitsPerSale, view }): DealtListing => ({
      key,
      components: [{ sku: "A", units: unitsPerSale }],
      exposure: exposureOf(view) ?? 0,
      shown: view.observed ?? 0,
      isCompared,
      isOurs: true,
      limit: Math.max(0, Math.floor(this.available / unitsPerSale)),
      rate: 1e-5,
      value: 1,
    }));
    const quantity = dealQuotas(this.pools, dealt).get(channel.key) ?? 0;
    const isTake = quantity < (channel.view.observed ?? 0);
    if (quantity === channel.view.observed && channel.view.pushed === null) return;
    if (channel.isWriting && !isTake) return;
    const write = { key: channel.key, quantity, isCompared: channel.isCompared };
    const before = this.exposed;
    if (!this.mayOffer(write)) return;
    channel.write(quantity);
    if (this.exposed > before) expect(this.exposed).toBeLessThanOrEqual(this.available);
  }
}
