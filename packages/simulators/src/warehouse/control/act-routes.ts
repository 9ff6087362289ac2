import { z } from "zod";

import { type ControlAnswer, ok, withBody } from "../../control/control-answer.ts";
import type { ActOutcome } from "../act-outcome.ts";
import {
  announceInbound,
  arriveInbound,
  cancelInbound,
  closeInbound,
  receiveInbound,
  stowInbound,
} from "../inbound-acts.ts";
import { acceptOrder, cancelOrder, packOrder } from "../order-acts.ts";
import { pickOrder, putBackOrder } from "../pick-acts.ts";
import { announceReturn, arriveReturn, cancelReturn, inspectReturn } from "../return-acts.ts";
import { shipOrder } from "../ship-acts.ts";
import {
  countItem,
  damageUnits,
  disposeUnits,
  findUnits,
  holdUnits,
  layStock,
  loseUnits,
  releaseUnits,
} from "../stock-acts.ts";
import { receiveTransfer, sendTransfer } from "../transfer-acts.ts";
import type { Warehouse } from "../warehouse.ts";

const name = z.string().min(1).max(200);
const units = z.number().int().min(1).max(1_000_000);
const someUnits = z.number().int().min(0).max(1_000_000);
const who = { by: name.optional(), reason: z.string().max(500).optional() };

const onDocument = z.strictObject({ id: name, ...who });
const onStock = z.strictObject({ facility: name, item: name, units, ...who });
const noticeable = onStock.extend({ noticed: z.boolean().optional() });
const askedLines = z.array(z.strictObject({ item: name, units })).max(1_000);
const expectedLines = z.array(z.strictObject({ item: name, expected: someUnits })).max(1_000);

type Act = (warehouse: Warehouse, body: unknown) => ControlAnswer;

/** A refusal about something that is not there is a 404, any other a 409. */
function answerOf(outcome: ActOutcome): ControlAnswer {
  if (outcome.done) return ok(outcome);
  const { reason } = outcome;
  const status = reason.startsWith("unknown_") ? 404 : 409;
  return { status, body: { code: reason, message: `not done: ${reason.replaceAll("_", " ")}` } };
}

function act<Schema extends z.ZodType>(
  schema: Schema,
  run: (warehouse: Warehouse, body: z.infer<Schema>) => ActOutcome,
): Act {
  return (warehouse, body) => withBody(schema, body, (read) => answerOf(run(warehouse, read)));
}

const dockCount = z.strictObject({
  item: name,
  units: someUnits,
  damaged: someUnits.optional(),
  really: someUnits.optional(),
});

const pickerError = z.strictObject({
  item: name,
  unseen: someUnits.optional(),
  mispick: z.strictObject({ item: name, units }).optional(),
});

const inspected = z.strictObject({
  item: name,
  restock: someUnits.optional(),
  quarantine: someUnits.optional(),
  dispose: someUnits.optional(),
  missing: someUnits.optional(),
});

/** `POST /_sim/warehouse/{name}`: an act, by its name. */
export const warehouseActs: Readonly<Record<string, Act>> = {
  lay: act(onStock, layStock),
  lose: act(noticeable, loseUnits),
  find: act(noticeable, findUnits),
  damage: act(noticeable, damageUnits),
  hold: act(onStock, holdUnits),
  release: act(onStock, releaseUnits),
  dispose: act(onStock.extend({ from: z.enum(["damaged", "quarantine"]) }), disposeUnits),
  count: act(onStock.omit({ units: true }).extend({ counted: someUnits.optional() }), countItem),
  "accept-order": act(onDocument.extend({ facility: name, lines: askedLines }), acceptOrder),
  pick: act(onDocument.extend({ errors: z.array(pickerError).max(1_000).optional() }), pickOrder),
  pack: act(onDocument, packOrder),
  ship: act(onDocument.extend({ lines: askedLines.optional() }), shipOrder),
  "cancel-order": act(onDocument.extend({ lines: askedLines.optional() }), (warehouse, { lines, ...order }) =>
    cancelOrder(warehouse, lines === undefined ? order : { ...order, lines }),
  ),
  "put-back": act(onDocument, putBackOrder),
  "announce-inbound": act(onDocument.extend({ facility: name, lines: expectedLines }), announceInbound),
  "arrive-inbound": act(onDocument, arriveInbound),
  receive: act(onDocument.extend({ lines: z.array(dockCount).min(1).max(1_000) }), receiveInbound),
  stow: act(onDocument.extend({ lines: askedLines.optional() }), stowInbound),
  "close-inbound": act(onDocument, closeInbound),
  "cancel-inbound": act(onDocument, cancelInbound),
  "announce-return": act(
    onDocument.extend({ facility: name, orderId: name.nullish(), lines: expectedLines }),
    announceReturn,
  ),
  "arrive-return": act(onDocument.extend({ lines: askedLines.optional() }), arriveReturn),
  "inspect-return": act(onDocument.extend({ lines: z.array(inspected).min(1).max(1_000) }), inspectReturn),
  "cancel-return": act(onDocument, cancelReturn),
  "send-transfer": act(onStock.extend({ id: name, to: name }), sendTransfer),
  "receive-transfer": act(onDocument.extend({ arrived: someUnits.optional() }), receiveTransfer),
};
