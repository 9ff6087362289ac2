import type { FastifyInstance } from "fastify";

import { registerTruthRoutes } from "../../control/truth-routes.ts";
import { keyOf, offersOf, shownOf, stockOf } from "../items/item.ts";
import { reputationOf } from "../reputation/reputation.ts";
import type { World } from "../world.ts";

/** The truth with what each listing of this marketplace shows now. */
export function describeTruth(world: World) {
  const listings = [...world.items.values()].flatMap(offersOf).map((offer) => ({
    ...keyOf(offer),
    availableQuantity: stockOf(offer).available,
    shows: shownOf(offer),
    status: offer.item.status,
    subStatus: offer.item.subStatus,
    ...world.truth.counters(keyOf(offer)),
  }));
  const reputation = [...world.sellers.values()].map((seller) => reputationOf(world, seller));
  return { ...world.truth.report(), listings, reputation };
}

/** `/_sim/physical` and `/_sim/truth`. */
export function registerTruthControl(server: FastifyInstance, world: World): void {
  registerTruthRoutes(server, {
    truth: world.truth,
    mayHaveListing: (account, listing) =>
      !world.sellers.has(account) || world.items.get(listing)?.account === account,
    describe: () => describeTruth(world),
  });
}
