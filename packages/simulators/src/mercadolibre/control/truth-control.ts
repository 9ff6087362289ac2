import type { FastifyInstance } from "fastify";
import { z } from "zod";

import { keyOf, offersOf, shownOf, stockOf } from "../items/item.ts";
import { reputationOf } from "../reputation/reputation.ts";
import { utcTime } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";
import { type ControlAnswer, ok, sendControl, unknown, withBody } from "./control-answer.ts";

const physicalSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      id: z.string().min(1).max(200),
      units: z.number().int().min(0),
      listings: z.array(
        z.strictObject({
          account: z.string(),
          listing: z.string(),
          variation: z.number().int().nullable().default(null),
          unitsPerSale: z.number().int().min(1).default(1),
        }),
      ),
    }),
  ),
});

function declare(world: World, { groups }: z.infer<typeof physicalSchema>): ControlAnswer {
  for (const { account, listing } of groups.flatMap(({ listings }) => listings)) {
    const own = world.sellers.has(account);
    // Other accounts may be another simulator's, sharing this truth; of our own we know every listing.
    if (own && world.items.get(listing)?.account !== account)
      return unknown("listing", `${account}/${listing}`);
  }
  world.truth.declarePhysical(groups);
  const ids = new Set(groups.map(({ id }) => id));
  return ok({ groups: world.truth.report().groups.filter(({ id }) => ids.has(id)) });
}

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

/** 100,000 groups in one call. */
const MOST_BYTES = 64 * 1_024 * 1_024;
const DEFAULT_PAGE = 1_000;

interface PageRequest {
  Querystring: { after?: string; limit?: string };
}

function pageOf({ after, limit }: PageRequest["Querystring"]): { after: number; limit: number } {
  return { after: Number(after ?? 0) || 0, limit: Number(limit ?? DEFAULT_PAGE) || DEFAULT_PAGE };
}

/** `/_sim/physical` and `/_sim/truth`. */
export function registerTruthControl(server: FastifyInstance, world: World): void {
  server.put("/physical", { bodyLimit: MOST_BYTES }, (request, reply) =>
    sendControl(
      reply,
      withBody(physicalSchema, request.body, (body) => declare(world, body)),
    ),
  );

  server.get("/truth", (_, reply) => sendControl(reply, ok(describeTruth(world))));

  server.get<PageRequest>("/truth/log", (request, reply) => {
    const { after, limit } = pageOf(request.query);
    const entries = world.truth.log(after, limit);
    const next = entries.at(-1)?.n ?? after;
    return sendControl(reply, ok({ entries, next, dropped: world.truth.droppedEntries() }));
  });

  server.get<PageRequest>("/truth/sales", (request, reply) => {
    const { after, limit } = pageOf(request.query);
    const found = world.truth.sales(after, limit);
    const sales = found.map((sale) => ({
      n: sale.n,
      orderId: sale.orderId,
      ...sale.key,
      at: utcTime(sale.acceptedAt),
      wallAt: utcTime(sale.wallAcceptedAt),
      state: sale.state,
      ms: sale.ms,
      wallMs: sale.wallMs,
      others: sale.watches.map((watch) => ({
        ...watch.key,
        group: watch.groupId,
        shownAtSale: watch.shownAtSale,
        limit: watch.limit,
        state: watch.state,
        confirmedAt: watch.confirmedAt === null ? null : utcTime(watch.confirmedAt),
        ms: watch.confirmedAt === null ? null : watch.confirmedAt - sale.acceptedAt,
      })),
    }));
    return sendControl(reply, ok({ sales, next: found.at(-1)?.n ?? after }));
  });
}
