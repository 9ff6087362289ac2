import fc from "fast-check";
import { expect, it } from "vitest";

import { type ChannelPromise, deployable, type PlaceStock } from "./deployable.ts";

const CHANNELS = ["a", "b", "c", "d"];

const serves = fc.option(fc.subarray(CHANNELS), { nil: null });

const places: fc.Arbitrary<readonly PlaceStock[]> = fc
  .array(fc.record({ sellable: fc.nat({ max: 6 }), serves }), { minLength: 1, maxLength: 4 })
  .map((found) => found.map((place, index) => ({ ...place, location: `place-${index}` })));

const promises: fc.Arbitrary<readonly ChannelPromise[]> = fc
  .tuple(
    ...[...CHANNELS, ""].map((channel) =>
      fc.record({ channel: fc.constant(channel), units: fc.nat({ max: 5 }) }),
    ),
  )
  .map((all) => all.filter(({ units }) => units > 0));

/** Before the channel's name: sold from now on, from places that name it; what is promised already may come from anywhere else. */
const MORE = "more ";

/** Whether every promise can be kept: unit by unit, moving those assigned before where another place can take them. */
function canKeep(stock: readonly PlaceStock[], asked: readonly ChannelPromise[]): boolean {
  const holders: string[][] = stock.map(() => []);
  const names = (place: PlaceStock | undefined, channel: string) =>
    place?.serves === null || (place?.serves ?? []).includes(channel);
  const mayShip = (place: number, channel: string) =>
    channel.startsWith(MORE)
      ? names(stock[place], channel.slice(MORE.length))
      : names(stock[place], channel) || !stock.some((one) => names(one, channel));
  const assign = (channel: string, seen: Set<number>): boolean => {
    for (const [place, { sellable }] of stock.entries()) {
      const held = holders[place] ?? [];
      if (seen.has(place) || !mayShip(place, channel)) continue;
      seen.add(place);
      if (held.length < sellable) {
        held.push(channel);
        return true;
      }
      for (const [index, other] of held.entries()) {
        if (!assign(other, seen)) continue;
        held[index] = channel;
        return true;
      }
    }
    return false;
  };
  return asked.every(({ channel, units }) =>
    Array.from({ length: units }).every(() => assign(channel, new Set())),
  );
}

it("is the most that can still be sold with every promise kept from a place that may serve it", () => {
  fc.assert(
    fc.property(places, promises, fc.constantFrom(...CHANNELS), (stock, asked, channel) => {
      fc.pre(canKeep(stock, asked));
      const units = deployable(channel, stock, asked);
      expect(units).toBeGreaterThanOrEqual(0);
      expect(canKeep(stock, [...asked, { channel: `${MORE}${channel}`, units }])).toBe(true);
      expect(canKeep(stock, [...asked, { channel: `${MORE}${channel}`, units: units + 1 }])).toBe(false);
    }),
    { numRuns: 500 },
  );
});
