import type { FastifyInstance } from "fastify";
import { z } from "zod";

import { instantIn } from "../vendor/query.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { answer, badRequest, type VendorAnswer, wrongBody } from "../vendor/vendor-answer.ts";
import { VERSION } from "../vendor/vendor-api.ts";
import { facilityCalled, itemCalled, type World } from "../world.ts";
import { historyCategories, type HistorySide } from "./history-movements.ts";
import type { HistoryEvent } from "./history.ts";

const questionSchema = z.object({
  facility_id: z.number().int(),
  inventory_ids: z.array(z.number().int()).nullish(),
  event_category: z.enum(historyCategories).nullish(),
  start_date: z.string().nullish(),
  end_date: z.string().nullish(),
  cursor: z.number().int().min(0).nullish(),
});

const DAY_MS = 86_400_000;
const LONGEST_SPAN_MS = 90 * DAY_MS;
/** Not documented. */
const EVENTS_PER_PAGE = 100;

function timeOf(world: World, at: number): string {
  const iso = new Date(at).toISOString();
  // Seven fractional digits and no zone: the documented example.
  return world.settings.historyTimes === "utc" ? iso : `${iso.slice(0, -1)}0000`;
}

function sideBody(world: World, sku: string, told: HistorySide | null): object | null {
  if (told === null) return null;
  const { id } = facilityCalled(world, told.facility);
  return {
    facility_id: id,
    quantity_change: told.units,
    committed_quantity_change: told.committed,
    lot_number: null,
    expiration_date: null,
    sku,
    location_id: id * 1_000_000 + 1,
    yuki_id: null,
    pack_description_id: null,
    operational_stage: null,
    inventory_status: told.status,
  };
}

function eventBody(world: World, event: HistoryEvent): object {
  const { worldOrderId, reference } = event;
  const order = worldOrderId === null ? undefined : world.orders.ofWorld(worldOrderId);
  return {
    inventory_id: itemCalled(world, event.sku).inventoryId,
    event_category: event.category,
    event_datetime: timeOf(world, event.at),
    shipbob_order_id: order?.id ?? null,
    primary_reference: reference,
    additional_reference: reference === null ? [] : [{ key: reference.type, value: reference.value }],
    inventory_audit_event_id: event.id,
    increment: sideBody(world, event.sku, event.increment),
    decrement: sideBody(world, event.sku, event.decrement),
  };
}

interface Asked {
  from: number;
  to: number;
}

function spanOf(world: World, body: z.infer<typeof questionSchema>): Asked | VendorAnswer {
  const now = world.clock.now();
  const to = body.end_date ? instantIn(body.end_date) : now;
  if (to === undefined) return badRequest("end_date", "is not a date.");
  const from = body.start_date ? instantIn(body.start_date) : to - LONGEST_SPAN_MS;
  if (from === undefined) return badRequest("start_date", "is not a date.");
  if (from > to) return badRequest("start_date", "must not be after end_date.");
  if (to - from > LONGEST_SPAN_MS) return badRequest("start_date", "The maximum range is 90 days.");
  return { from, to };
}

/** The SKUs asked for; null for all of them. */
function skusOf(world: World, ids: readonly number[] | null | undefined): Set<string> | null {
  if (ids === null || ids === undefined || ids.length === 0) return null;
  return new Set(ids.map((id) => world.catalogue.item(id)?.sku ?? ""));
}

function query(world: World, raw: unknown, pageCursor: number): VendorAnswer {
  const parsed = questionSchema.safeParse(raw ?? {});
  if (!parsed.success) return wrongBody(parsed.error);
  const question = parsed.data;
  const facility = world.catalogue.facilities.get(question.facility_id);
  if (facility === undefined) return badRequest("facility_id", "is not a facility.");
  const span = spanOf(world, question);
  if ("status" in span) return span;
  const { events, hasMore } = world.history.ask({
    ...span,
    facility: facility.name,
    skus: skusOf(world, question.inventory_ids),
    category: question.event_category ?? null,
    after: question.cursor ?? pageCursor,
    limit: EVENTS_PER_PAGE,
  });
  const last = events.at(-1)?.id ?? 0;
  return answer({
    data: events.map((event) => eventBody(world, event)),
    first: null,
    last: null,
    next: hasMore ? `${VERSION}/inventory/history:query?cursor=${last}` : null,
    prev: null,
  });
}

/** `POST inventory/history:query`. */
export function registerHistoryRoutes(server: FastifyInstance, world: World): void {
  server.post<{ Querystring: { cursor?: string } }>("/inventory/history::query", (request, reply) =>
    sendAnswer(reply, query(world, request.body, Number(request.query.cursor ?? 0) || 0)),
  );
}
