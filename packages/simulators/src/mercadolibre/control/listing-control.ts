import type { FastifyInstance } from "fastify";
import { z } from "zod";

import {
  type ControlAnswer,
  invalidState,
  ok,
  sendControl,
  unknown,
  withBody,
} from "../../control/control-answer.ts";
import { isVendorAnswer } from "../items/item-change.ts";
import { refusalOfMigration, startMigration } from "../items/migration.ts";
import { relistItem } from "../items/relist.ts";
import type { World } from "../world.ts";

const migrateSchema = z.strictObject({ durationMs: z.number().min(0).optional() });

function migrate(
  world: World,
  listing: string,
  { durationMs }: z.infer<typeof migrateSchema>,
): ControlAnswer {
  const item = world.items.get(listing);
  if (item === undefined) return unknown("listing", listing);
  const refusal = refusalOfMigration(world, item);
  if (refusal !== undefined) return invalidState(refusal);
  const { newItems } = startMigration(world, item, durationMs);
  const listings = newItems.map((one) => ({ listing: one.item.id, variation: one.variationId }));
  return ok({ listing, newListings: listings });
}

function relist(world: World, listing: string, body: unknown): ControlAnswer {
  const item = world.items.get(listing);
  if (item === undefined) return unknown("listing", listing);
  const next = relistItem(world, item, body);
  if (isVendorAnswer(next)) return invalidState(JSON.stringify(next.body));
  return ok({ listing, newListing: next.id, variations: next.variations.map(({ id }) => id) });
}

/** `/_sim/listings`: what the marketplace itself does to an item. */
export function registerListingControl(server: FastifyInstance, world: World): void {
  server.post<{ Params: { id: string } }>("/listings/:id/migrate", (request, reply) =>
    sendControl(
      reply,
      withBody(migrateSchema, request.body, (body) => migrate(world, request.params.id, body)),
    ),
  );
  server.post<{ Params: { id: string } }>("/listings/:id/relist", (request, reply) =>
    sendControl(reply, relist(world, request.params.id, request.body)),
  );
}
