// What is answered for things that are not there, or are another seller's: the same.
import type { Problem } from "../problem.ts";

export function unknownSku(sku: string): Problem {
  return { code: "unknown_sku", field: "sku", message: `There is no SKU ${sku}.` };
}

export function unknownLocation(code: string): Problem {
  return { code: "unknown_location", field: "code", message: `There is no location ${code}.` };
}

export function unknownConnection(code: string): Problem {
  return { code: "unknown_connection", field: "code", message: `There is no connection ${code}.` };
}

export function unknownListing(connection: string, externalId: string): Problem {
  const message = `There is no listing ${externalId} of ${connection}.`;
  return { code: "unknown_listing", field: "externalId", message };
}

export function unknownOrder(channel: string, orderId: string): Problem {
  return { code: "unknown_order", field: "orderId", message: `There is no order ${orderId} of ${channel}.` };
}

export function unknownInbound(inboundId: string): Problem {
  return { code: "unknown_inbound", field: "inboundId", message: `There is no inbound ${inboundId}.` };
}

export function unknownReservation(reservationId: string): Problem {
  const message = `There is no reservation ${reservationId}.`;
  return { code: "unknown_reservation", field: "reservationId", message };
}

export function unknownKeeperOrder(reference: string): Problem {
  const message = `No keeper was given an order ${reference}.`;
  return { code: "unknown_keeper_order", field: "reference", message };
}
