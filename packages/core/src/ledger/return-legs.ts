// Returns received and graded. A return may name the order line it belongs to; otherwise nobody announced it.
import { NO_LOCATION } from "./bucket.ts";
import { postingsOf, settledOf, unitsOf } from "./claim.ts";
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

/** Received goods wait in quality control, or go straight to sellable where the seller says so; lost ones come no more. */
export function returnLegs(view: LedgerView, movement: Return, occurredAt: Instant): MovementEffect {
  const { sku, location, units } = movement;
  const arrived =
    movement.lost === true
      ? []
      : physicalLegs(view, {
          sku,
          location,
          bucket: arrivalBucket(view, movement),
          units,
          counterpart: "customer",
          occurredAt,
          ...reasonOf(movement),
        });
  if (movement.order === undefined) {
    if (movement.lost !== true) return effect(arrived);
    return refuse(
      "invalid_field",
      "order",
      "A lost return names the order line that it was on its way from.",
    );
  }
  const found = findLine(view, movement.order);
  if ("ok" in found) return found;
  const { order, line } = found;
  const refusal = checkReturn(order, line, movement);
  if (refusal !== null) return refusal;
  const after = settled(view, { channel: order.channel, line }, { movement, occurredAt });
  const lines = order.lines.map((other) => (other.lineId === line.lineId ? after.line : other));
  const record = { ...order, lines, status: statusOf(lines) };
  return effect([...after.legs, ...arrived], [{ table: "order", record, stateHash: null }]);
}

/** What came back is a fact. What is given up must be on its way. */
function checkReturn(
  { orderId }: OrderRecord,
  line: ClaimLine,
  { sku, units, lost }: Return,
): (Decision & { ok: false }) | null {
  const { recipe, lineId } = line;
  if (recipe !== null && !recipe.some((component) => component.sku === sku)) {
    return refuse(
      "invalid_field",
      "sku",
      `Line ${lineId} of order ${orderId} did not sell ${sku}: name the SKU that came back, or remap the line.`,
    );
  }
  if (lost !== true) return null;
  const postings = recipe === null ? [] : postingsOf(recipe, line.posted, settledOf(line));
  const held = postings.find((posting) => posting.bucket === "returning" && posting.sku === sku)?.units ?? 0;
  if (units <= held) return null;
  return refuse(
    "insufficient_units",
    "units",
    `${units} of ${sku} were to be given up for line ${lineId} of order ${orderId}, of which ${held} are on their way back: check the units.`,
    { sku, bucket: "returning", requested: units, available: held },
  );
}

/** What the return says of itself goes before what the seller set for the SKU. */
function arrivalBucket(view: LedgerView, movement: Return): "sellable" | "quality_control" {
  const policy = view.sku(movement.sku)?.attributes["policy"] as JsonObject | undefined;
  const isStraight = movement.straightToSellable ?? policy?.["returnsTo"] === "sellable";
  return isStraight ? "sellable" : "quality_control";
}

/** The line with more units that came or were given up, and the legs by which its claim lets go of them. */
function settled(
  view: LedgerView,
  { channel, line }: { channel: string; line: ClaimLine },
  { movement, occurredAt }: { movement: Return; occurredAt: Instant },
): { line: ClaimLine; legs: Leg[] } {
  const { sku, units } = movement;
  const isLost = movement.lost === true;
  const more = (bySku: ClaimLine["received"]) => ({ ...bySku, [sku]: unitsOf(bySku, sku) + units });
  const after: ClaimLine = isLost
    ? { ...line, lost: more(line.lost ?? {}) }
    : { ...line, received: more(line.received) };
  if (line.recipe === null) return { line: after, legs: [] };
  const posted = postLine(view, { channel, before: line, after, recipe: line.recipe, occurredAt });
  const counterpart = isLost ? "lost" : "quality_control";
  const legs = posted.legs.map((leg): Leg =>
    leg.bucket === "returning" && leg.location === NO_LOCATION ? { ...leg, counterpart } : leg,
  );
  return { line: posted.line, legs };
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
