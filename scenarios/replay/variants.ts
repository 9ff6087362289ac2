// The three ways in which the same history is told.
import { seededRandom } from "../harness/seeded-random.ts";
import type { RetailEvent } from "./retail-events.ts";

export type Variant = "in order" | "shuffled" | "doubled";

/** How far an event may be delayed in the shuffle, in milliseconds. */
const SHUFFLE_MS = 10 * 60_000;

export function tellAs(
  variant: Variant,
  events: readonly RetailEvent[],
  seed: number,
): readonly RetailEvent[] {
  switch (variant) {
    case "in order":
      return events;
    case "shuffled": {
      const random = seededRandom(seed);
      return events
        .map((event) => ({ event, arrivesAt: event.at + random() * SHUFFLE_MS }))
        .toSorted((left, right) => left.arrivesAt - right.arrivesAt)
        .map(({ event }) => event);
    }
    case "doubled":
      return events.flatMap((event) => [event, event]);
    default:
      return variant satisfies never;
  }
}
