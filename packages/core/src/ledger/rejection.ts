import type { JsonObject } from "./json.ts";

/** Why the ledger refused a command. The API's catalogue documents each with its HTTP status. */
export type RejectionCode =
  | "unknown_sku"
  | "unknown_location"
  | "unknown_connection"
  | "unknown_listing"
  | "unknown_order"
  | "unknown_line"
  | "unknown_reservation"
  | "unknown_inbound"
  | "invalid_field"
  | "occurred_in_future"
  | "external_id_conflict"
  | "insufficient_units"
  | "insufficient_stock"
  | "reservation_conflict"
  | "reservation_ended";

/** A refusal changes nothing. */
export interface Rejection {
  readonly code: RejectionCode;
  /** The field to mend, as a path in the command (`lines.0.sku`). */
  readonly field: string;
  /** One sentence that says what is wrong and how to mend it. */
  readonly message: string;
  /** Figures the caller needs, for example the lines that do not fit. */
  readonly detail?: JsonObject;
}
