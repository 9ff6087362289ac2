// Returns received and graded. A return may name the order line it belongs to; otherwise nobody announced it.
import { NO_LOCATION } from "./bucket.ts";
import type { Movement, OrderLineRef } from "./command.ts";
import { refuse } from "./draft.ts";
import type { Decision, Leg } from "./entry.ts";
import type { JsonObject } from "./json.ts";
import { postLine } from "./line-posting.ts";
import { betweenBuckets, effect, lackingUnits, reasonOf, type MovementEffect } from "./movement-legs.ts";
import type { ClaimLine, OrderRecord } from "./order-record.ts";
import { statusOf } from "./order-status.ts";
import { physicalLegs } from "./physical-legs.ts";
import type { Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

type Return = Extract<Movement, { movement: "return" }>;
type Grade = Extract<Movement, { movement: "grade" }>;

/** Received goods wait in quality control, or go straight to sellable where the seller says so. */
export function returnLegs(view: LedgerView, movement: Return, occurredAt: Instant): MovementEffect {
  const { sku, location, units } = movement;
  const bucket = arrivalBucket(view, movement);
  const received = physicalLegs(view, {
    sku,
    location,
    bucket,
    units,
    counterpart: "customer",
    occurredAt,
    ...reasonOf(movement),
  });
  if (movement.order === undefined) return effect(received);
  const found = findLine(view, movement.order);
  if ("ok" in found) return found;
  const { order, line } = found;
  if (line.recipe !== null && !line.recipe.some((component) => component.sku === sku)) {
    return refuse(
      "invalid_field",
      "sku",
      `Line ${line.lineId} of order ${order.orderId} did not sell ${sku}: name the SKU that came back, or remap the line.`,
    );
  }
  const after = withReceived(view, { channel: order.channel, line }, { sku, units, occurredAt });
  const lines = order.lines.map((other) => (other.lineId === line.lineId ? after.line : other));
  const record = { ...order, lines, status: statusOf(lines) };
  return effect([...after.legs, ...received], [{ table: "order", record, stateHash: null }]);
}

/** What the return says of itself goes before what the seller set for the SKU. */
function arrivalBucket(view: LedgerView, movement: Return): "sellable" | "quality_control" {
  const policy = view.sku(movement.sku)?.attributes["policy"] as JsonObject | undefined;
  const isStraight = movement.straightToSellable ?? policy?.["returnsTo"] === "sellable";
  return isStraight ? "sellable" : "quality_control";
}

/** The line with more units received, and the legs by which its claim lets go of them. */
function withReceived(
  view: LedgerView,
  { channel, line }: { channel: string; line: ClaimLine },
  came: { sku: string; units: number; occurredAt: Instant },
): { line: ClaimLine; legs: Leg[] } {
  const received = { ...line.received, [came.sku]: (line.received[came.sku] ?? 0) + came.units };
  if (line.recipe === null) return { line: { ...line, received }, legs: [] };
  const { line: posted, legs } = postLine(view, {
    channel,
    before: line,
    after: { ...line, received },
    recipe: line.recipe,
    occurredAt: came.occurredAt,
  });
  const named = legs.map((leg): Leg =>
    leg.bucket === "returning" && leg.location === NO_LOCATION
      ? { ...leg, counterpart: "quality_control" }
      : leg,
  );
  return { line: posted, legs: named };
}

/** A grading moves what waits in quality control to sellable, damaged, or out of the books. */
export function gradeLegs(view: LedgerView, movement: Grade, occurredAt: Instant): MovementEffect {
  if (movement.order !== undefined) {
    const found = findLine(view, movement.order);
    if ("ok" in found) return found;
  }
  const lacking = lackingUnits(view, movement, "quality_control", movement.units);
  if (lacking !== null) return lacking;
  if (movement.to !== "lost")
    return effect(betweenBuckets(view, movement, { from: "quality_control", to: movement.to, occurredAt }));
  const { sku, location, units } = movement;
  return effect(
    physicalLegs(view, {
      sku,
      location,
      bucket: "quality_control",
      units: -units,
      counterpart: "lost",
      occurredAt,
      ...reasonOf(movement),
    }),
  );
}

function findLine(
  view: LedgerView,
  ref: OrderLineRef,
): { order: OrderRecord; line: ClaimLine } | (Decision & { ok: false }) {
  const order = view.order(ref.channel, ref.orderId);
  if (order === null)
    return refuse(
      "unknown_order",
      "order.orderId",
      `There is no order ${ref.orderId} of ${ref.channel}: leave order out for an unannounced return.`,
    );
  const line = order.lines.find(({ lineId }) => lineId === ref.lineId);
  if (line === undefined)
    return refuse("unknown_line", "order.lineId", `Order ${ref.orderId} has no line ${ref.lineId}.`);
  return { order, line };
}
