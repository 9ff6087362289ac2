/** One line of an order, in units: ordered = cancelled + allocated + toted + shipped + waiting. */
export interface OrderLine {
  item: string;
  ordered: number;
  cancelled: number;
  /** Promised from the shelf, not picked yet. */
  allocated: number;
  /** Picked for this order and not shipped. */
  toted: number;
  shipped: number;
  /** Picked, cancelled since, not back on the shelf yet. */
  toPutBack: number;
  /** Times a unit was not found on the shelf. */
  short: number;
  /** What really lies in the tote for this line, by item: another item after a mispick. */
  contents: Map<string, number>;
}

interface ShippedLine {
  item: string;
  units: number;
}

/** What left the building together. */
export interface OrderShipment {
  id: string;
  at: number;
  /** As the keeper's papers say. */
  lines: ShippedLine[];
}

/** An order at one facility. */
export interface WarehouseOrder {
  id: string;
  facility: string;
  lines: OrderLine[];
  /** Everything in the tote is in its box. */
  packed: boolean;
  shipments: OrderShipment[];
  acceptedAt: number;
}

export type OrderState = "allocated" | "short" | "picked" | "packed" | "shipped" | "cancelled";

/** Units of a line that the record has nothing for. */
export function waitingUnits({ ordered, cancelled, allocated, toted, shipped }: OrderLine): number {
  return ordered - cancelled - allocated - toted - shipped;
}

export function totedUnits({ lines }: WarehouseOrder): number {
  return lines.reduce((sum, { toted }) => sum + toted, 0);
}

/** What the order is in. `short`: for some of its units there is nothing on the record's shelf. */
export function stateOf(order: WarehouseOrder): OrderState {
  const open = order.lines.some(({ ordered, cancelled, shipped }) => ordered > cancelled + shipped);
  if (!open) return order.lines.some(({ shipped }) => shipped > 0) ? "shipped" : "cancelled";
  if (order.lines.some((line) => waitingUnits(line) > 0)) return "short";
  if (order.lines.some(({ allocated }) => allocated > 0)) return "allocated";
  return order.packed ? "packed" : "picked";
}

/** One line of an inbound, cumulative, as the keeper has written it down. */
export interface InboundLine {
  item: string;
  expected: number;
  /** Counted at the dock, the damaged ones included. */
  received: number;
  damaged: number;
  /** On the shelf. */
  stowed: number;
  /** Undamaged units of it that really stand at the dock, whatever was counted. */
  reallyAtDock: number;
}

export interface Inbound {
  id: string;
  facility: string;
  lines: InboundLine[];
  state: "announced" | "arrived" | "closed" | "cancelled";
}

/** What became of a returned unit. */
export type Disposition = "restock" | "quarantine" | "dispose" | "missing";

/** One line of a return, cumulative. */
export interface ReturnLine {
  item: string;
  expected: number;
  arrived: number;
  dispositions: Record<Disposition, number>;
}

export interface WarehouseReturn {
  id: string;
  facility: string;
  orderId: string | null;
  lines: ReturnLine[];
  state: "announced" | "arrived" | "closed" | "cancelled";
}

/** Units on the way from one facility to another. */
export interface Transfer {
  id: string;
  from: string;
  to: string;
  item: string;
  sent: number;
  /** Null while it travels. */
  arrived: number | null;
}
