import type { z } from "zod";

import {
  listMovements as readMovements,
  listMovementsOfOrder,
  listMovementsOfSku,
  type ListedMovement,
  type MovementFilter,
} from "../../../ledger/read/movement-list-store.ts";
import type { Reader } from "../../../ledger/read/reader.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute } from "../../route/route.ts";
import { pageOf } from "../../schema/paging.ts";
import { instantText } from "../../view/instant-text.ts";
import { movementList, movementQuery } from "./schema.ts";

type Query = z.output<typeof movementQuery>;

export const listMovements = defineRoute({
  method: "GET",
  path: "/v1/movements",
  access: "read",
  tag: "History and work lists",
  summary: "What moved, newest first",
  description: "One item per account that an entry touched, with the balance before and after it.",
  answer: { status: 200, description: "A page.", schema: movementList },
  problems: [],
  params: NOTHING,
  query: movementQuery,
  body: null,
  async handle(deps, { caller, query }) {
    const [seq, leg] = query.cursor ?? [];
    const before = seq === undefined || leg === undefined ? null : { seq, leg };
    const filter = { sellerId: caller.sellerId, before, limit: query.limit + 1 };
    const { items, nextCursor } = pageOf(await read(deps.reader, filter, query), query.limit, (movement) => [
      movement.seq,
      movement.leg,
    ]);
    return answer(200, { movements: items.map(movementView), nextCursor });
  },
});

function read(reader: Reader, filter: MovementFilter, query: Query): Promise<ListedMovement[]> {
  const { sku, channel, orderId } = query;
  if (sku !== undefined) {
    const account = { sku, location: query.location ?? null, bucket: query.bucket ?? null };
    return listMovementsOfSku(reader, filter, account);
  }
  if (channel !== undefined && orderId !== undefined)
    return listMovementsOfOrder(reader, filter, { channel, orderId });
  return readMovements(reader, filter);
}

function movementView(movement: ListedMovement): object {
  return {
    ...movement,
    location: movement.location === "" ? null : movement.location,
    recordedAt: instantText(movement.recordedAt),
    occurredAt: instantText(movement.occurredAt),
  };
}
