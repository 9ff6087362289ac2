import { createBoundedLog } from "../bounded-log.ts";
import type { StockLevels } from "./stock.ts";

/** What can happen in a warehouse. */
export type ActName =
  | "laid"
  | "order_accepted"
  | "allocated"
  | "deallocated"
  | "picked"
  | "short_picked"
  | "mispicked"
  | "packed"
  | "shipped"
  | "shipment_left"
  | "cancelled"
  | "order_cancelled"
  | "put_back"
  | "inbound_announced"
  | "inbound_arrived"
  | "received"
  | "stowed"
  | "inbound_closed"
  | "inbound_cancelled"
  | "return_announced"
  | "return_arrived"
  | "return_inspected"
  | "return_closed"
  | "return_cancelled"
  | "lost"
  | "found"
  | "damaged"
  | "held"
  | "released"
  | "disposed"
  | "counted"
  | "transfer_sent"
  | "transfer_arrived";

/** The document an act belongs to. */
export interface DocumentReference {
  kind: "order" | "inbound" | "return" | "transfer";
  id: string;
  /** Of an order's shipment, when one left. */
  shipmentId?: string;
}

/** What an act says of itself. */
export interface EventNote {
  act: ActName;
  /** Who did it: `floor`, `api`, `control`, or a name. */
  by: string;
  units: number;
  document?: DocumentReference | undefined;
  reason?: string | undefined;
}

/** One thing that happened, to one item or (item null) to a whole document. `n` counts up by one, without gaps. */
export interface WarehouseEvent {
  n: number;
  /** Milliseconds since 1970, simulated. */
  at: number;
  act: ActName;
  by: string;
  facility: string;
  item: string | null;
  units: number;
  document: DocumentReference | null;
  reason: string | null;
  /** The item's figures at the facility; null where no stock changed. */
  before: StockLevels | null;
  after: StockLevels | null;
}

export interface Journal {
  note(event: Omit<WarehouseEvent, "n">): WarehouseEvent;
  /** Events numbered above `after`, oldest first. */
  after(after: number, limit: number): WarehouseEvent[];
  /** Events of later than an instant, oldest first. */
  since(at: number): WarehouseEvent[];
  dropped(): number;
  /** Number of the last event; 0 before the first. */
  last(): number;
  /** Called within the act, after its figures have changed; it may schedule, not act. */
  subscribe(listener: (event: WarehouseEvent) => void): void;
}

const KEPT_EVENTS = 100_000;

export function createJournal(): Journal {
  const log = createBoundedLog<Omit<WarehouseEvent, "n">>(KEPT_EVENTS);
  const listeners: ((event: WarehouseEvent) => void)[] = [];

  return {
    note(event) {
      const noted = log.append(event);
      for (const listener of listeners) listener(noted);
      return noted;
    },
    after: (after, limit) => log.after(after, limit),
    since(at) {
      let count = 64;
      let found = log.latest(count);
      // Twice as many each time: mostly the very last ones are asked for.
      while ((found[0]?.at ?? at) > at && found.length === count) found = log.latest((count *= 2));
      return found.filter((event) => event.at > at);
    },
    dropped: () => log.dropped(),
    last: () => log.latest(1)[0]?.n ?? 0,
    subscribe: (listener) => void listeners.push(listener),
  };
}
