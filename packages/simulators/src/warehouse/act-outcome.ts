/** Why an act was not done. Nothing has changed then. */
export type Refusal =
  | "unknown_facility"
  | "unknown_item"
  | "unknown_order"
  | "unknown_inbound"
  | "unknown_return"
  | "unknown_transfer"
  | "duplicate"
  | "empty"
  | "not_enough"
  | "already_shipped"
  | "already_cancelled"
  | "already_closed"
  | "nothing_to_pick"
  | "nothing_picked"
  | "not_packed"
  | "not_arrived";

/** What an act came to. */
export type ActOutcome<Result extends object = object> =
  | ({ done: true } & Result)
  | { done: false; reason: Refusal };

export function done<Result extends object>(result: Result): ActOutcome<Result> {
  return { done: true, ...result };
}

/** Whether an act names an item twice: what it then asks for cannot be checked line by line. */
export function namesTwice(lines: readonly { item: string }[]): boolean {
  return new Set(lines.map(({ item }) => item)).size < lines.length;
}

export function refused(reason: Refusal): { done: false; reason: Refusal } {
  return { done: false, reason };
}
