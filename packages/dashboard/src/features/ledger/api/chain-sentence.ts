// The chain behind a number, as sentences one can read aloud. Pure: (entry, language) in, text out.
import type { ChainEntry, ChainLeg } from "../../../api/contract.ts";
import type { Formats } from "../../../locales/format.ts";
import type { Language } from "../../../locales/language.tsx";
import type { MessageKey } from "../../../locales/locale.ts";
import type { MessageValues } from "../../../locales/translate.ts";

type Words = Pick<Language, "t" | "format">;

/** One sentence before it has a language. */
interface Clause {
  readonly key: MessageKey;
  readonly values: MessageValues;
}

/** How many units an entry moved into (+) or out of (−) each bucket of the SKU, over all its lines and locations. */
type Sums = (bucket: string, counterpart?: string) => number;

/** What happened: one sentence, or several for an entry that did several things. */
export function chainSentence(entry: ChainEntry, { t, format }: Words): string {
  const clauses = clausesOf(entry, format);
  return clauses.map(({ key, values }) => t(key, values)).join(" ");
}

/** What it did to available. */
export function effectSentence(entry: ChainEntry, { t, format }: Words): string {
  const { before, after } = entry.available;
  const values = { before: format.units(before), after: format.units(after) };
  if (after === before) return t("effect.stayed", values);
  return t(after < before ? "effect.fell" : "effect.rose", values);
}

function clausesOf(entry: ChainEntry, format: Formats): readonly Clause[] {
  const write = writers[entry.kind];
  if (write === undefined) return [{ key: "chain.other", values: { kind: entry.kind } }];
  const clauses = write(entry, sumsOf(entry.legs), format);
  const reason = entry.reason ?? entry.legs.find((leg) => (leg.reason ?? "") !== "")?.reason;
  return reason === undefined || reason === null
    ? clauses
    : [...clauses, { key: "chain.reason", values: { reason } }];
}

function sumsOf(legs: readonly ChainLeg[]): Sums {
  return (bucket, counterpart) =>
    legs
      .filter(
        (leg) => leg.bucket === bucket && (counterpart === undefined || leg.counterpart === counterpart),
      )
      .reduce((sum, leg) => sum + leg.units, 0);
}

type Writer = (entry: ChainEntry, sums: Sums, format: Formats) => readonly Clause[];

const writers: Readonly<Record<string, Writer>> = {
  order: orderClauses,
  mapped: (entry, sums) => [
    { key: "chain.mapped", values: orderValues(entry) },
    ...movedClauses(entry, sums),
  ],
  remap: (entry, sums) => [{ key: "chain.remap", values: orderValues(entry) }, ...movedClauses(entry, sums)],
  receipt: (entry, sums) => [
    { key: "chain.receipt", values: { location: placeOf(entry), units: sums("sellable") } },
  ],
  adjustment: (entry, _, format) => [
    { key: "chain.adjustment", values: { location: placeOf(entry), change: format.change(totalOf(entry)) } },
  ],
  inbound: (entry, sums) => [
    {
      key: sums("incoming") < 0 ? "chain.inboundLess" : "chain.inbound",
      values: { location: placeOf(entry), units: Math.abs(sums("incoming")) },
    },
  ],
  count: (entry, sums) => [countClause(entry, sums("sellable") + sums("damaged"))],
  damage: (entry, sums) => [
    { key: "chain.damage", values: { location: placeOf(entry), units: -sums("sellable") } },
  ],
  transfer: (entry) => [transferClause(entry)],
  return: (entry, sums) => [returnClause(entry, sums)],
  grade: (entry, sums) => [gradeClause(entry, sums)],
  reservation: (entry, sums) => [reservationClause("chain.reservation", entry, sums("reserved"))],
  reservation_committed: (entry, sums) => [
    reservationClause("chain.reservationCommitted", entry, sums("committed")),
  ],
  reservation_released: (entry, sums) => [
    reservationClause("chain.reservationReleased", entry, -promised(sums)),
  ],
  reservation_expired: (entry, sums) => [
    reservationClause("chain.reservationExpired", entry, -promised(sums)),
  ],
};

function orderClauses(entry: ChainEntry, sums: Sums): readonly Clause[] {
  const moved = movedClauses(entry, sums);
  return moved.length > 0 ? moved : [{ key: "chain.orderNoted", values: orderValues(entry) }];
}

/** What an order's entry moved, promise by promise. A paid hold is one event, although two promises change. */
function movedClauses(entry: ChainEntry, sums: Sums): readonly Clause[] {
  const left = Math.max(0, -sums("sellable", "customer"));
  // A shipment ends its promise: what left is taken from what was committed, then from what was only reserved.
  const endedCommitted = Math.min(left, Math.max(0, -sums("committed")));
  const endedReserved = Math.min(left - endedCommitted, Math.max(0, -sums("reserved")));
  const committed = sums("committed") + endedCommitted;
  const reserved = sums("reserved") + endedReserved;
  const paid = Math.min(Math.max(0, -reserved), Math.max(0, committed));
  const parts: readonly (readonly [MessageKey, number])[] = [
    ["chain.paid", paid],
    ["chain.reserved", reserved],
    ["chain.sold", committed - paid],
    ["chain.shipped", left],
    ["chain.released", Math.max(0, -reserved - paid) + Math.max(0, -committed)],
    ["chain.returning", sums("returning")],
  ];
  return parts
    .filter(([, units]) => units > 0)
    .map(([key, units]) => ({ key, values: { ...orderValues(entry), location: placeOf(entry), units } }));
}

function countClause(entry: ChainEntry, difference: number): Clause {
  const values = { location: placeOf(entry), units: Math.abs(difference) };
  if (difference === 0) return { key: "chain.countRight", values };
  return { key: difference > 0 ? "chain.countFound" : "chain.countMissed", values };
}

function transferClause(entry: ChainEntry): Clause {
  const into = entry.legs.find((leg) => leg.units > 0);
  const outOf = entry.legs.find((leg) => leg.units < 0);
  const values = { from: outOf?.location ?? "?", to: into?.location ?? "?", units: into?.units ?? 0 };
  return { key: "chain.transfer", values };
}

function returnClause(entry: ChainEntry, sums: Sums): Clause {
  const lost = -sums("returning", "lost");
  if (lost > 0) return { key: "chain.returnLost", values: { units: lost } };
  const location = placeOf(entry);
  const graded = sums("quality_control");
  if (graded > 0) return { key: "chain.return", values: { location, units: graded } };
  return { key: "chain.returnSellable", values: { location, units: sums("sellable") } };
}

function gradeClause(entry: ChainEntry, sums: Sums): Clause {
  const values = { location: placeOf(entry), units: Math.abs(sums("quality_control")) };
  if (sums("sellable") > 0) return { key: "chain.gradeSellable", values };
  return { key: sums("damaged") > 0 ? "chain.gradeDamaged" : "chain.gradeLost", values };
}

function reservationClause(key: MessageKey, entry: ChainEntry, units: number): Clause {
  return { key, values: { id: entry.reservationId ?? "?", units } };
}

function orderValues(entry: ChainEntry): MessageValues {
  return { order: entry.orderId ?? "?", channel: entry.channel ?? "?" };
}

/** The location an entry speaks of: that of its first physical movement. */
function placeOf(entry: ChainEntry): string {
  return entry.legs.find((leg) => (leg.location ?? "") !== "")?.location ?? "?";
}

function totalOf(entry: ChainEntry): number {
  return entry.legs.reduce((sum, leg) => sum + leg.units, 0);
}

function promised(sums: Sums): number {
  return sums("reserved") + sums("committed");
}
