import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type DealtListing, dealQuotas } from "../allocate/deal-quotas.ts";
import { exposureAfterReading, exposureAfterWrite, exposureOf, type ExposureView } from "./exposure.ts";
import { exposedUnits, mayWrite, type PoolShare } from "./may-write.ts";

/**
 * One marketplace listing as it really is, with what we know of it. It lowers its own number at a sale, applies our writes
 * late, and tells of its sales late; with compare-and-set it refuses a write when anything moved since the reading.
 */
class Channel {
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

class World {
  now = 1;
  available: number;
  readonly channels: readonly Channel[];

  constructor(available: number, channels: readonly Channel[]) {
    this.available = available;
    this.channels = channels;
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

  complete(channel: Channel): void {
    while (!channel.isAllSeen) this.available -= channel.learn();
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
    if (!mayWrite(this.pools, this.shares, write)) return;
    channel.write(quantity);
    if (this.exposed > before) expect(this.exposed).toBeLessThanOrEqual(this.available);
  }
}

const kinds = fc.array(
  fc.record({
    isCompared: fc.boolean(),
    unitsPerSale: fc.constantFrom(1, 1, 1, 2),
    shows: fc.nat({ max: 6 }),
  }),
  { minLength: 2, maxLength: 4 },
);
const which = fc.nat({ max: 3 });
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("sell" as const), which }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("apply" as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("learn" as const), which }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("read" as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("complete" as const), which }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("decide" as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("elsewhere" as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("receive" as const), which }) },
);

interface Story {
  readonly world: World;
  readonly channel: Channel;
}

const happen = {
  sell: ({ world, channel }: Story) => void channel.sell(world.now),
  apply: ({ channel }: Story) => channel.apply(),
  learn: ({ world, channel }: Story) => void (world.available -= channel.learn()),
  read: ({ world, channel }: Story) => channel.read(world.now),
  complete: ({ world, channel }: Story) => world.complete(channel),
  decide: ({ world, channel }: Story) => world.decide(channel),
  elsewhere: ({ world }: Story) => void (world.available -= 1),
  receive: ({ world }: Story) => void (world.available += 2),
};

describe("channels that sell while our writes are under way", () => {
  it("[I7] never are exposed further than they may be, and never show or sell more than we reckon with", () => {
    fc.assert(
      fc.property(
        kinds,
        fc.nat({ max: 8 }),
        fc.array(happening, { maxLength: 80 }),
        (given, units, story) => {
          const channels = given.map(
            (kind, nth) => new Channel(`L${nth}`, kind.isCompared, kind.unitsPerSale),
          );
          const world = new World(units, channels);
          for (const [nth, channel] of channels.entries()) {
            channel.shows = given[nth]?.shows ?? 0;
            // Nobody can say what was sold before the first reading until the orders are known.
            channel.read(world.now);
            world.complete(channel);
          }
          for (const { kind, which: nth } of story) {
            const channel = channels[nth % channels.length];
            if (channel === undefined) continue;
            world.now += 1;
            happen[kind]({ world, channel });
            for (const { view, truth } of channels) {
              expect(exposureOf(view)).toBeGreaterThanOrEqual(truth);
            }
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("[I7] sell nothing twice once the exposures fit, whoever sells first and however late the news", () => {
    fc.assert(
      fc.property(
        kinds,
        fc.nat({ max: 8 }),
        fc.array(happening, { maxLength: 120 }),
        (given, units, story) => {
          const channels = given.map(
            (kind, nth) => new Channel(`L${nth}`, kind.isCompared, kind.unitsPerSale),
          );
          const world = new World(units, channels);
          for (const channel of channels) {
            channel.read(world.now);
            world.complete(channel);
          }
          for (const { kind, which: nth } of story) {
            const channel = channels[nth % channels.length];
            // Sales that are facts may do it, and must be ours to see: only these are left out.
            if (channel === undefined || kind === "elsewhere") continue;
            world.now += 1;
            happen[kind]({ world, channel });
          }
          for (const channel of channels) world.complete(channel);
          expect(world.available).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("come to rest with every unit for sale that the deal can place", () => {
    fc.assert(
      fc.property(
        kinds,
        fc.nat({ max: 8 }),
        fc.array(happening, { maxLength: 40 }),
        (given, units, story) => {
          const channels = given.map((kind, nth) => new Channel(`L${nth}`, kind.isCompared, 1));
          const world = new World(units, channels);
          for (const { kind, which: nth } of story) {
            const channel = channels[nth % channels.length];
            if (channel !== undefined) happen[kind]({ world, channel });
            world.now += 1;
          }
          for (let round = 0; round < 12; round++) {
            for (const channel of channels) {
              channel.apply();
              channel.apply();
              channel.read(world.now);
              world.now += 1;
              world.complete(channel);
              world.decide(channel);
              world.now += 1;
            }
          }
          for (const channel of channels) while (channel.isWriting) channel.apply();
          const shown = channels.reduce((sum, { shows }) => sum + shows, 0);
          expect(shown).toBeLessThanOrEqual(Math.max(0, world.available));
          // Only a listing without compare-and-set that shows less than all may leave units over: it cannot be raised in doubt.
          const isFree = channels.some(({ isCompared, shows }) => isCompared || shows === 0);
          if (isFree) expect(shown).toBe(Math.max(0, world.available));
        },
      ),
      { numRuns: 500 },
    );
  });
});
