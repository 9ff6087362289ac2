import type { FastifyInstance } from "fastify";

import { type ControlAnswer, ok, sendControl, unknown, withBody } from "../../control/control-answer.ts";
import { type OrderLine, stateOf, type WarehouseOrder } from "../documents.ts";
import { floorSettingsSchema } from "../floor/floor-settings.ts";
import type { Floor } from "../floor/floor.ts";
import type { Warehouse } from "../warehouse.ts";
import { warehouseActs } from "./act-routes.ts";

function describeLine({ contents, ...line }: OrderLine) {
  return { ...line, contents: Object.fromEntries(contents) };
}

function describeOrder(order: WarehouseOrder) {
  const acceptedAt = new Date(order.acceptedAt).toISOString();
  return { ...order, acceptedAt, state: stateOf(order), lines: order.lines.map(describeLine) };
}

function describeEvents(warehouse: Warehouse, query: { after?: string; limit?: string }): ControlAnswer {
  const after = Number(query.after ?? 0) || 0;
  const entries = warehouse.journal
    .after(after, Math.min(Number(query.limit ?? 1_000) || 1_000, 10_000))
    .map((event) => ({ ...event, at: new Date(event.at).toISOString() }));
  return ok({ entries, next: entries.at(-1)?.n ?? after, dropped: warehouse.journal.dropped() });
}

interface ControlParts {
  warehouse: Warehouse;
  floor: Floor;
}

/** `/_sim/warehouse/…`: what happens in the building, and what people there do by themselves. */
export function registerWarehouseControl(server: FastifyInstance, { warehouse, floor }: ControlParts): void {
  server.get("/warehouse/floor", (_, reply) => sendControl(reply, ok(floor.settings())));
  server.put("/warehouse/floor", (request, reply) => {
    const answer = withBody(floorSettingsSchema, request.body, (settings) => {
      floor.replace(settings);
      return ok(floor.settings());
    });
    return sendControl(reply, answer);
  });

  server.get<{ Querystring: { after?: string; limit?: string } }>("/warehouse/events", (request, reply) =>
    sendControl(reply, describeEvents(warehouse, request.query)),
  );
  server.get("/warehouse/documents", (_, reply) =>
    sendControl(
      reply,
      ok({
        orders: [...warehouse.orders.values()].map(describeOrder),
        inbounds: [...warehouse.inbounds.values()],
        returns: [...warehouse.returns.values()],
        transfers: [...warehouse.transfers.values()],
      }),
    ),
  );

  server.post<{ Params: { act: string } }>("/warehouse/:act", (request, reply) => {
    const name = request.params.act;
    const act = Object.hasOwn(warehouseActs, name) ? warehouseActs[name] : undefined;
    return sendControl(reply, act === undefined ? unknown("act", name) : act(warehouse, request.body));
  });
}
