// Requests: a hold is refused when it does not fit, so that it can never oversell.
import { NO_LOCATION } from "./bucket.ts";
import type { EndReservation, ReservationLine, Reserve } from "./command.ts";
import { canonical } from "./content-hash.ts";
import { grantable } from "./decide-withhold.ts";
import { draft, refuse } from "./draft.ts";
import type { Decision, EntryKind, Leg } from "./entry.ts";
import type { JsonObject } from "./json.ts";
import { withOversoldAlerts } from "./oversold.ts";
import { addUp } from "./recipe.ts";
import type { Component, ReservationRecord, ReservationState } from "./records.ts";
import { holdingBucket, releaseLegs } from "./reservation-legs.ts";
import type { Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

export function decideReserve(view: LedgerView, command: Reserve, now: Instant): Decision {
  const asked = { lines: command.lines } as unknown as JsonObject;
  const known = view.reservation(command.reservationId);
  if (known !== null) return repeated(known, asked);
  const components = heldComponents(view, command.lines);
  if ("ok" in components) return components;
  const missing = components.filter(({ sku, units }) => units > grantable(view, sku));
  if (missing.length > 0) return insufficientStock(view, missing);
  const expiresAt = now + command.ttlSeconds * 1000;
  const { reservationId } = command;
  const record: ReservationRecord = {
    reservationId,
    state: "held",
    expiresAt,
    asked,
    components,
    firstSeq: 0,
    lastSeq: 0,
  };
  const legs = components.map(({ sku, units }): Leg => ({
    sku,
    location: NO_LOCATION,
    bucket: "reserved",
    units,
    counterpart: "available",
  }));
  const body = { reservationId, ...asked, expiresAt };
  const entry = draft({
    kind: "reservation",
    occurredAt: now,
    body,
    legs,
    changes: [{ table: "reservation", record }],
  });
  return { ok: true, entries: [entry], answer: { expiresAt } };
}

function repeated(known: ReservationRecord, asked: JsonObject): Decision {
  if (canonical(known.asked) === canonical(asked))
    return { ok: true, seq: known.firstSeq, answer: { expiresAt: known.expiresAt } };
  return refuse(
    "reservation_conflict",
    "reservationId",
    `Reservation ${known.reservationId} was made for other lines: use another id.`,
  );
}

function heldComponents(
  view: LedgerView,
  lines: readonly ReservationLine[],
): readonly Component[] | (Decision & { ok: false }) {
  const components: Component[] = [];
  for (const [index, line] of lines.entries()) {
    if ("sku" in line) {
      if (view.sku(line.sku) === null)
        return refuse("unknown_sku", `lines.${index}.sku`, `There is no SKU ${line.sku}: create it first.`);
      components.push(line);
      continue;
    }
    const listing = view.listing(line.connection, line.listing);
    if (listing === null)
      return refuse(
        "unknown_listing",
        `lines.${index}.listing`,
        `There is no listing ${line.listing} of ${line.connection}: map it first.`,
      );
    components.push(...listing.components.map(({ sku, units }) => ({ sku, units: units * line.units })));
  }
  return addUp(components);
}

function insufficientStock(view: LedgerView, missing: readonly Component[]): Decision & { ok: false } {
  const lines = missing.map(({ sku, units }) => ({
    sku,
    requested: units,
    available: Math.max(0, grantable(view, sku)),
  }));
  const [first] = lines;
  const withheld = Math.max(0, view.available(first?.sku ?? "")) - (first?.available ?? 0);
  const beside = withheld > 0 ? ` beside ${withheld} that buyers may still take elsewhere` : "";
  const message = `${first?.requested} of ${first?.sku} were asked for and ${first?.available} are available${beside}: ask for less, or wait for stock.`;
  return refuse("insufficient_stock", "lines", message, { lines });
}

const ENDS = {
  commit: { state: "committed", kind: "reservation_committed" },
  release: { state: "released", kind: "reservation_released" },
  expire: { state: "expired", kind: "reservation_expired" },
} as const satisfies Record<EndReservation["how"], { state: ReservationState; kind: EntryKind }>;

/** What an ending does to a hold: end it this way, do nothing, or refuse with the reason. `overdue`: held past its deadline. */
const ENDINGS: Record<
  EndReservation["how"],
  Record<ReservationState | "overdue", EndReservation["how"] | "nothing" | { readonly refused: string }>
> = {
  commit: {
    held: "commit",
    overdue: { refused: "passed its deadline: reserve again under another id" },
    committed: "nothing",
    released: { refused: "was released: reserve again under another id" },
    expired: { refused: "passed its deadline: reserve again under another id" },
    claimed: { refused: "became an order's claim already" },
  },
  release: {
    held: "release",
    overdue: "expire",
    committed: "release",
    released: "nothing",
    expired: "nothing",
    claimed: { refused: "became an order's claim: cancel the order" },
  },
  expire: {
    held: "nothing",
    overdue: "expire",
    committed: "nothing",
    released: "nothing",
    expired: "nothing",
    claimed: "nothing",
  },
};

export function decideEndReservation(view: LedgerView, command: EndReservation, now: Instant): Decision {
  const { reservationId } = command;
  const known = view.reservation(reservationId);
  if (known === null)
    return refuse("unknown_reservation", "reservationId", `There is no reservation ${reservationId}.`);
  const isOverdue = known.state === "held" && now >= known.expiresAt;
  const ending = ENDINGS[command.how][isOverdue ? "overdue" : known.state];
  if (ending === "nothing") return { ok: true, seq: known.lastSeq, answer: {} };
  if (typeof ending === "object")
    return refuse("reservation_ended", "reservationId", `Reservation ${reservationId} ${ending.refused}.`);
  return ended(view, known, ending, now);
}

function ended(
  view: LedgerView,
  known: ReservationRecord,
  how: EndReservation["how"],
  now: Instant,
): Decision {
  const { state, kind } = ENDS[how];
  const legs = how === "commit" ? commitLegs(known) : releaseLegs(known, "available");
  const body = { reservationId: known.reservationId };
  const record: ReservationRecord = { ...known, state };
  const entry = draft({ kind, occurredAt: now, body, legs, changes: [{ table: "reservation", record }] });
  return { ok: true, entries: withOversoldAlerts(view, [entry]), answer: {} };
}

function commitLegs(known: ReservationRecord): Leg[] {
  if (holdingBucket(known) !== "reserved") return [];
  const kept = known.components.map(({ sku, units }): Leg => ({
    sku,
    location: NO_LOCATION,
    bucket: "committed",
    units,
    counterpart: "reserved",
  }));
  return [...releaseLegs(known, "committed"), ...kept];
}
