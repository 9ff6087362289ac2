import type { ShipmentFact } from "../../contract/keeper/keeper-fact.ts";
import { stateFactId } from "../../contract/keeper/state-fact-id.ts";
import type { Segment } from "./interchange.ts";
import type { X12Reader } from "./x12-reader.ts";

type Line = ShipmentFact["lines"][number];

/** 945: what left for one of our orders, by its number and that of the shipment: one shipment may be of several orders. */
export function toShipment(reader: X12Reader): readonly ShipmentFact[] {
  const head = reader.required("W06");
  const [, , , date = "", shipment = ""] = head.elements;
  const reference = reader.code(head, 2);
  const keeperOrderId = shipment === "" ? reference : `${reference}/${reader.code(head, 4)}`;
  const facility = reader.facility();
  const occurredAt = reader.occurredAt(head, date);
  const details = reader.transaction.segments.filter(({ elements }) => elements[0] === "W12");
  if (details.length === 0) reader.problem(reader.transaction.opening, "no item (W12) is in it.");
  const lines = details.map((segment) => lineOf(reader, segment, facility));
  const tracking = trackingOf(reader);
  const state = {
    reference,
    status: lines.some(({ ordered = 0, shipped }) => shipped < ordered)
      ? ("short" as const)
      : ("shipped" as const),
    lines,
    ...(tracking.length === 0 ? {} : { tracking }),
  };
  return [
    {
      kind: "shipment",
      // Of what it says, not of when its group was made: a shipment that is sent again is the same.
      factId: stateFactId("order", keeperOrderId, { ...state, date }),
      occurredAt,
      updatedAt: occurredAt,
      keeperOrderId,
      ...state,
    },
  ];
}

/** W12: status, ordered, shipped, difference, measure, …; the reason of a change is its nineteenth element. */
function lineOf(reader: X12Reader, segment: Segment, facility: string): Line {
  const shipped = reader.count(segment, { quantity: 3, measure: 5 });
  const difference = reader.units(segment, { quantity: 4, measure: 5 }, 0);
  const ordered = reader.count(segment, { quantity: 2, measure: 5 }, Math.max(0, shipped + difference));
  const saysDifference = (segment.elements[4] ?? "") !== "";
  // Some tell the difference without its sign.
  if (saysDifference && Math.abs(ordered - shipped) !== Math.abs(difference))
    reader.problem(
      segment,
      `${ordered} ordered, ${shipped} shipped and a difference of ${difference} do not add up.`,
    );
  const reasons = [segment.elements[19] ?? "", segment.elements[1] ?? ""];
  const shortReason = reasons.find((code) => code !== "");
  return {
    // Of a substitution (IS), 17 is what was ordered instead.
    item: reader.item(segment, segment.elements[1] === "IS" ? [7] : [7, 17, 21]),
    facility,
    ordered,
    shipped,
    ...(shipped < ordered && shortReason !== undefined ? { shortReason } : {}),
  };
}

/** N9 or REF with 2I, MAN with CP. */
function trackingOf({ transaction }: X12Reader): readonly string[] {
  const numbers = transaction.segments.flatMap(({ elements: [tag = "", of = "", number = ""] }) =>
    ["N9*2I", "REF*2I", "MAN*CP"].includes(`${tag}*${of}`) && number !== "" ? [number] : [],
  );
  return [...new Set(numbers)];
}
