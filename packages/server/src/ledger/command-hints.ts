import type { CountedBucket } from "@onepool/core/ledger/bucket.ts";
import type {
  Command,
  Movement,
  PutConnection,
  PutInbound,
  PutListing,
  PutLocation,
  PutSku,
  RemapOrder,
  ReportOrder,
  Reserve,
  Withhold,
} from "@onepool/core/ledger/command.ts";
import type { LedgerState } from "@onepool/core/ledger/ledger-state.ts";

/** Ships from here unless somebody says otherwise. */
const DEFAULT_LOCATION = "main";

/**
 * Reads what deciding the command is going to read, so that a batch's misses are known, and loaded in one round trip, before
 * the first command is decided. A forgotten key costs a round trip, never correctness.
 */
export function readHints(state: LedgerState, command: Command): void {
  switch (command.kind) {
    case "order":
      hintOrder(state, command);
      return;
    case "movement":
      hintMovement(state, command);
      return;
    case "reserve":
      hintReserve(state, command);
      return;
    case "end_reservation":
      hintReservation(state, command.reservationId);
      return;
    case "withhold":
      hintWithhold(state, command);
      return;
    case "remap":
      hintRemap(state, command);
      return;
    case "put_inbound":
      hintInbound(state, command);
      return;
    default:
      hintMasterData(state, command);
  }
}

function hintMasterData(
  state: LedgerState,
  command: PutSku | PutLocation | PutConnection | PutListing,
): void {
  switch (command.kind) {
    case "put_sku":
      if (state.sku(command.sku) === null) state.unmappedLines("sku", command.sku, null);
      return;
    case "put_location":
      state.location(command.code);
      return;
    case "put_connection":
      state.connection(command.code);
      return;
    case "put_listing":
      state.connection(command.connection);
      for (const { sku } of command.components ?? []) state.sku(sku);
      if (state.listing(command.connection, command.externalId) === null)
        state.unmappedLines("listing", command.externalId, command.connection);
      return;
    default:
      command satisfies never;
  }
}

function hintReserve(state: LedgerState, { reservationId, lines }: Reserve): void {
  state.reservation(reservationId);
  for (const line of lines) {
    if ("sku" in line) {
      hintPool(state, line.sku);
      state.withheld(line.sku);
      continue;
    }
    hintListing(state, line.connection, line.listing);
    const listing = state.listing(line.connection, line.listing);
    for (const { sku } of listing?.components ?? []) state.withheld(sku);
  }
}

function hintWithhold(state: LedgerState, { sku }: Withhold): void {
  hintPool(state, sku);
  state.withheld(sku);
}

function hintInbound(state: LedgerState, { inboundId, location, lines }: PutInbound): void {
  state.inbound(inboundId);
  state.location(location);
  for (const { sku } of lines) hintPool(state, sku);
}

function hintRemap(state: LedgerState, { channel, orderId, lines }: RemapOrder): void {
  state.order(channel, orderId);
  for (const line of lines ?? []) for (const { sku } of line.components ?? []) hintPool(state, sku);
}

function hintOrder(state: LedgerState, { order }: ReportOrder): void {
  state.order(order.channel, order.orderId);
  const shipsFrom = state.connection(order.channel)?.settings["shipsFrom"];
  const place = typeof shipsFrom === "string" ? shipsFrom : DEFAULT_LOCATION;
  state.location(place);
  if (order.reservationId !== undefined) hintReservation(state, order.reservationId);
  for (const line of order.lines) hintLine(state, order, { line, place });
}

function hintLine(
  state: LedgerState,
  { channel, status }: ReportOrder["order"],
  { line, place }: { line: ReportOrder["order"]["lines"][number]; place: string },
): void {
  if (line.listing !== undefined) hintListing(state, channel, line.listing);
  for (const left of line.left ?? []) hintPlace(state, left.sku, left.location);
  if (line.sku === undefined) return;
  hintPool(state, line.sku);
  if (status === "shipped" || (line.shipped ?? 0) > 0) hintCounts(state, line.sku, line.location ?? place);
}

function hintPlace(state: LedgerState, sku: string, location: string): void {
  state.accountsOf(sku);
  state.location(location);
  hintCounts(state, sku, location);
}

function hintCounts(
  state: LedgerState,
  sku: string,
  location: string,
  bucket: CountedBucket = "sellable",
): void {
  state.firstCountFrom({ sku, location, bucket }, 0);
}

function hintMovement(state: LedgerState, movement: Movement): void {
  state.externalEntry(movement.movement, movement.externalId);
  hintPool(state, movement.sku);
  state.location(movement.location);
  hintCounts(state, movement.sku, movement.location);
  if (touchesDamaged(movement)) hintCounts(state, movement.sku, movement.location, "damaged");
  if (movement.movement === "transfer") {
    state.withheld(movement.sku);
    state.location(movement.toLocation);
    hintCounts(state, movement.sku, movement.toLocation);
    if (movement.inTransit === true || movement.expectedAt !== undefined) state.inbound(movement.externalId);
  }
  if (movement.movement === "receipt" && movement.inboundId !== undefined) state.inbound(movement.inboundId);
  if (movement.movement === "count") {
    const { sku, location, asOf, bucket = "sellable" } = movement;
    state.movedSince({ sku, location, bucket }, asOf);
  }
  if ((movement.movement === "return" || movement.movement === "grade") && movement.order !== undefined) {
    state.order(movement.order.channel, movement.order.orderId);
    state.connection(movement.order.channel);
  }
}

function touchesDamaged(movement: Movement): boolean {
  if (movement.movement === "damage") return true;
  if (movement.movement === "grade") return movement.to === "damaged";
  const isOfBucket = movement.movement === "adjustment" || movement.movement === "count";
  return isOfBucket && movement.bucket === "damaged";
}

function hintPool(state: LedgerState, sku: string): void {
  state.sku(sku);
  state.accountsOf(sku);
}

function hintListing(state: LedgerState, connection: string, externalId: string): void {
  const listing = state.listing(connection, externalId);
  for (const { sku } of listing?.components ?? []) state.accountsOf(sku);
}

function hintReservation(state: LedgerState, reservationId: string): void {
  const reservation = state.reservation(reservationId);
  for (const { sku } of reservation?.components ?? []) state.accountsOf(sku);
}
