import type { FastifyInstance } from "fastify";

import type { CatalogueItem } from "../catalogue.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { answer, problem, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { VERSION } from "../vendor/vendor-api.ts";
import type { World } from "../world.ts";
import { itemPage } from "./item-list.ts";
import { inventoryBody, lotsBody, placesBody, totalBody } from "./level-bodies.ts";
import { type PlaceLevel, readLevels } from "./levels.ts";

type LevelBody = (item: CatalogueItem, places: readonly PlaceLevel[]) => object;

/** Levels: as they are when each page is read, so that several pages are of several instants. */
function createLevelReader(world: World) {
  let readings = 0;
  const open = () => {
    readings += 1;
    const { stale, staleMs, omit } = world.faults.current().levels;
    const key = `levels|${readings}`;
    const isStale = world.random.chance(`${key}|stale`, stale);
    return {
      levelsOf: readLevels(world, world.clock.now() - (isStale ? staleMs : 0)),
      isOmitted: ({ inventoryId }: CatalogueItem): boolean =>
        world.random.chance(`${key}|omit|${inventoryId}`, omit),
    };
  };

  return {
    list(path: string, raw: unknown, body: LevelBody): VendorAnswer {
      const page = itemPage(world, path, raw);
      if ("wrong" in page) return page.wrong;
      const { levelsOf, isOmitted } = open();
      const at = (item: CatalogueItem): PlaceLevel[] =>
        levelsOf(item).filter(({ facility }) => page.locationId === null || facility.id === page.locationId);
      const items = page.items.filter((item) => !isOmitted(item)).map((item) => body(item, at(item)));
      return answer({ ...page.links, items });
    },
    one(inventoryId: string, body: LevelBody): VendorAnswer {
      const item = world.catalogue.item(Number(inventoryId));
      if (item === undefined) return problem(404, "Not Found", `No inventory item ${inventoryId}.`);
      return answer(body(item, open().levelsOf(item)));
    },
  };
}

/** `inventory-level…` and `inventory…`. */
export function registerInventoryRoutes(server: FastifyInstance, world: World): void {
  const levels = createLevelReader(world);
  const lists: [path: string, body: LevelBody][] = [
    ["", totalBody],
    ["/locations", placesBody],
    ["/lots", lotsBody],
  ];
  for (const [path, body] of lists) {
    server.get(`/inventory-level${path}`, (request, reply) =>
      sendAnswer(reply, levels.list(`${VERSION}/inventory-level${path}`, request.query, body)),
    );
    server.get<{ Params: { inventoryId: string } }>(
      `/inventory-level/:inventoryId${path}`,
      (request, reply) => sendAnswer(reply, levels.one(request.params.inventoryId, body)),
    );
  }

  server.get("/inventory", (request, reply) => {
    const page = itemPage(world, `${VERSION}/inventory`, request.query);
    if ("wrong" in page) return sendAnswer(reply, page.wrong);
    return sendAnswer(reply, answer({ ...page.links, items: page.items.map(inventoryBody) }));
  });
  server.get<{ Params: { inventoryId: string } }>("/inventory/:inventoryId", (request, reply) => {
    const item = world.catalogue.item(Number(request.params.inventoryId));
    const missing = problem(404, "Not Found", `No inventory item ${request.params.inventoryId}.`);
    return sendAnswer(reply, item === undefined ? missing : answer(inventoryBody(item)));
  });
}
