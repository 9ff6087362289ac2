import type { Movement } from "@onepool/core/ledger/command.ts";
import type { z } from "zod";

import { defineBatchRoute } from "../../route/batch-route.ts";
import { movement } from "./schema.ts";

export const postMovements = defineBatchRoute({
  method: "POST",
  path: "/v1/movements",
  access: "operate",
  tag: "Stock",
  summary: "Receipts, adjustments, counts, damage, transfers, returns and gradings",
  description:
    "Facts (receipt, adjustment, count, damage, return) are always recorded, even when they drive available below zero. Requests (transfer, grade) are refused when they do not fit.",
  example: {
    movements: [
      {
        kind: "receipt",
        sku: "KB-M",
        location: "main",
        units: 40,
        externalId: "PO-1/1",
        occurredAt: "2026-11-23T10:00:00Z",
        reason: "received",
      },
    ],
  },
  problems: [
    "unknown_sku",
    "unknown_location",
    "unknown_order",
    "unknown_line",
    "unknown_inbound",
    "occurred_in_future",
    "external_id_conflict",
    "insufficient_units",
  ],
  name: "movements",
  item: movement,
  command: movementCommand,
});

/** `kind` says which movement; a command's own kind is `movement`. */
function movementCommand(item: z.output<typeof movement>): Movement {
  const { kind, ...said } = item;
  return { ...said, kind: "movement", movement: kind } as Movement;
}
