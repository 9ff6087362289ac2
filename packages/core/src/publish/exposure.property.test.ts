import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { exposureOf } from "./exposure.ts";
import { Channel, World } from "./testing/end-game-world.ts";

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
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("deal" as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("reserve" as const), which }) },
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
  learn: ({ world, channel }: Story) => world.change(-channel.learn()),
  read: ({ world, channel }: Story) => channel.read(world.now),
  complete: ({ world, channel }: Story) => world.complete(channel),
  decide: ({ world, channel }: Story) => world.decide(channel),
  deal: ({ world }: Story) => world.deal(),
  reserve: ({ world }: Story) => world.reserve(1 + (world.now % 2)),
  elsewhere: ({ world }: Story) => world.change(-1),
  receive: ({ world }: Story) => world.change(2),
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
          world.deal();
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

  it("[I5] [I7] sell nothing twice once the exposures fit, whoever sells or reserves first and however late the news", () => {
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
