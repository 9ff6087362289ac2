import type { FastifyInstance } from "fastify";

import { registerTruthRoutes } from "../../control/truth-routes.ts";
import { keyOf, shownOf, statusOf } from "../listings/listing.ts";
import type { World } from "../world.ts";

/** The truth with what each channel of each listing of this marketplace shows now. */
export function describeTruth(world: World) {
  const listings = world.listings.all().flatMap((listing) =>
    [...listing.channels].map(([channelCode, availableQuantity]) => ({
      ...keyOf(listing, channelCode),
      availableQuantity,
      shows: shownOf(listing, channelCode),
      status: statusOf(listing),
      subStatus: [],
      ...world.truth.counters(keyOf(listing, channelCode)),
    })),
  );
  return { ...world.truth.report(), listings };
}

/** `/_sim/physical` and `/_sim/truth`. */
export function registerTruthControl(server: FastifyInstance, world: World): void {
  registerTruthRoutes(server, {
    truth: world.truth,
    mayHaveListing: (account, listing) =>
      !world.sellers.has(account) || world.listings.named(account, listing) !== undefined,
    describe: () => describeTruth(world),
  });
}
