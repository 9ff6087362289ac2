import type { ReceiptFact } from "../../contract/keeper/keeper-fact.ts";
import { stateFactId } from "../../contract/keeper/state-fact-id.ts";
import type { Segment } from "./interchange.ts";
import type { X12Reader } from "./x12-reader.ts";

const QUANTITY = { quantity: 1, measure: 2 } as const;

/** Element 412, of W13: what is the matter with so many units. */
const CONDITIONS: ReadonlyMap<string, "damaged" | "short" | "over"> = new Map([
  ["01", "damaged"],
  ["02", "short"],
  ["03", "over"],
]);

interface Received {
  readonly item: string;
  received: number;
  damaged: number;
  short: number;
  over: number;
}

/** 944: what came in, closed; by the number of the warehouse's receipt. */
export function toReceipt(reader: X12Reader): readonly ReceiptFact[] {
  const head = reader.required("W17");
  const [, , date = "", , reference = ""] = head.elements;
  const keeperInboundId = reader.code(head, 3);
  const facility = reader.facility();
  const occurredAt = reader.occurredAt(head, date);
  const lines = receivedBy(reader).map(({ item, received, damaged, short, over }) => ({
    item,
    facility,
    expected: Math.max(0, received + short - over),
    stowed: received - damaged,
    damaged,
  }));
  const state = { reference: reference === "" ? null : reference, status: "closed" as const, lines };
  return [
    {
      kind: "receipt",
      // Of what it says, not of when its group was made: a receipt that is sent again is the same.
      factId: stateFactId("inbound", keeperInboundId, { ...state, date }),
      occurredAt,
      updatedAt: occurredAt,
      keeperInboundId,
      ...state,
    },
  ];
}

function receivedBy(reader: X12Reader): readonly Received[] {
  const items = new Map<string, Received>();
  let current: Received | null = null;
  for (const segment of reader.transaction.segments) {
    const tag = segment.elements[0];
    if (tag === "W07") {
      const item = reader.item(segment, [4, 6]);
      current = items.get(item) ?? { item, received: 0, damaged: 0, short: 0, over: 0 };
      items.set(item, current);
      current.received += reader.count(segment, QUANTITY);
    }
    if (tag === "W13" && current === null) reader.problem(segment, "it stands before any item (W07).");
    if (tag === "W13" && current !== null) except(reader, segment, current);
  }
  if (items.size === 0) reader.problem(reader.transaction.opening, "no item (W07) is in it.");
  return [...items.values()];
}

/** Some of an item are not as they should be. */
function except(reader: X12Reader, segment: Segment, received: Received): void {
  const code = segment.elements[3] ?? "";
  const condition = CONDITIONS.get(code);
  const units = reader.count(segment, QUANTITY);
  if (condition === undefined) {
    reader.problem(segment, `its condition "${code}" is not known: 01 damaged, 02 short, 03 over are.`);
    return;
  }
  received[condition] += units;
  if (condition === "damaged" && !reader.profile.receivedIncludesDamaged) received.received += units;
  if (received.damaged > received.received)
    reader.problem(segment, `${received.damaged} came damaged and only ${received.received} came at all.`);
}
