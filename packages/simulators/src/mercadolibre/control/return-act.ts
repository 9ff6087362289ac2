import { z } from "zod";

import { type ControlAnswer, invalidState, withBody } from "../../control/control-answer.ts";
import { forwardShipment } from "../orders/after-sale.ts";
import { type Claim, endings, productConditions } from "../orders/claim.ts";
import type { Order } from "../orders/order.ts";
import { endReturn, openReturn, receiveReturn, triageReturn } from "../orders/return-desk.ts";
import { hasLeft } from "../orders/shipment.ts";
import type { World } from "../world.ts";

const returnSchema = z.strictObject({
  received: z.boolean().default(false),
  quantity: z.number().int().min(1).optional(),
  triage: z.boolean().default(false),
  lowCost: z.boolean().default(false),
  triaged: z
    .strictObject({
      condition: z.enum(productConditions).default("saleable"),
      destination: z.enum(["seller", "meli", "buyer"]).default("seller"),
      missingQuantity: z.number().int().min(0).nullable().default(null),
    })
    .optional(),
  ending: z.enum(endings).optional(),
});

type Request = z.infer<typeof returnSchema>;

/** The claim that the request begins or goes on with, or why it cannot. */
function claimFor(world: World, order: Order, request: Request): Claim | string {
  const open = order.claimId === null ? undefined : world.claims.get(order.claimId);
  const goesOn = request.received || request.triaged !== undefined || request.ending !== undefined;
  if (open?.status === "closed") return "the return is over already";
  if (open !== undefined) return goesOn ? open : "the return is open already";
  const quantity = request.quantity ?? order.quantity;
  if (quantity > order.quantity) return `the order is of ${order.quantity} units`;
  return openReturn(world, order, { ...request, quantity });
}

function goOn(world: World, order: Order, claim: Claim, request: Request): string | undefined {
  const { triaged, ending, received } = request;
  const awaitsTriage = claim.checked && claim.review === null;
  if (triaged !== undefined) {
    if (!awaitsTriage) return "the marketplace has nothing to check";
    triageReturn(world, order, claim, triaged);
  }
  if (ending !== undefined) endReturn(world, order, claim, ending);
  if (!received || claim.status === "closed") return undefined;
  if (claim.checked && claim.review === null) return "the goods are at the marketplace's check";
  receiveReturn(world, order, claim);
  return undefined;
}

/** The buyer sends goods back, and what becomes of them. `describe` puts the answer together. */
export function returnAct(
  world: World,
  order: Order,
  body: unknown,
  describe: (claim: Claim) => ControlAnswer,
): ControlAnswer {
  return withBody(returnSchema, body, (request) => {
    if (!hasLeft(forwardShipment(world, order))) {
      return invalidState("nothing has left, so nothing can come back");
    }
    const claim = claimFor(world, order, request);
    if (typeof claim === "string") return invalidState(claim);
    const refusal = goOn(world, order, claim, request);
    return refusal === undefined ? describe(claim) : invalidState(refusal);
  });
}
