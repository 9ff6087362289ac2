import type { FastifyInstance } from "fastify";

import { sendAnswer } from "../vendor/send-answer.ts";
import { orderNotFound, standardError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { type Caller, callerOf } from "../vendor/vendor-api.ts";
import { orderTime } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";
import type { Pack } from "./pack.ts";

/** The text is documented. */
const packForbidden = standardError(403, "forbidden", "The user has not access to the order");

/** `released` once paid, `cancelled` once all orders are; what stands there before is ASSUMED. */
function statusOf(world: World, pack: Pack): { status: string; status_detail: string | null } {
  const statuses = pack.orderIds.map((id) => world.orders.get(id)?.status);
  if (statuses.every((status) => status === "cancelled" || status === undefined)) {
    return { status: "cancelled", status_detail: pack.isSplit ? "splitted" : null };
  }
  return { status: statuses.includes("paid") ? "released" : "pending", status_detail: null };
}

function answerPack(world: World, id: string, { seller }: Caller): VendorAnswer {
  const pack = world.packs.get(Number(id));
  // As for orders: the read side lags behind for a moment.
  const hiddenUntil = (pack?.createdAt ?? 0) + world.faults.current().orderNotFoundMs;
  if (pack === undefined || String(pack.id) !== id || world.clock.now() < hiddenUntil) return orderNotFound;
  if (pack.account !== seller.account) return packForbidden;
  const body = {
    shipment: pack.shipmentId === null ? null : { id: pack.shipmentId },
    orders: pack.orderIds.map((orderId) => ({ id: orderId })),
    id: pack.id,
    ...statusOf(world, pack),
    buyer: { id: pack.buyerId },
    // Without a colon in the offset, unlike orders (documented).
    date_created: orderTime(pack.createdAt).replace(/:00$/, "00"),
    last_updated: orderTime(pack.lastUpdatedAt).replace(/:00$/, "00"),
  };
  return { status: 200, body };
}

/** `GET /packs/{id}`. */
export function registerPackRoutes(server: FastifyInstance, world: World): void {
  server.get<{ Params: { id: string } }>("/packs/:id", (request, reply) =>
    sendAnswer(reply, answerPack(world, request.params.id, callerOf(request))),
  );
}
