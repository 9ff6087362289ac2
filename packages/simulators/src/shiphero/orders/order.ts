export interface Address {
  first_name?: string | null;
  last_name?: string | null;
  company?: string | null;
  address1?: string | null;
  address2?: string | null;
  city?: string | null;
  state?: string | null;
  state_code?: string | null;
  zip?: string | null;
  country?: string | null;
  country_code?: string | null;
  email?: string | null;
  phone?: string | null;
}

export interface ShippingLines {
  title: string;
  price: string;
  carrier?: string | null;
  method?: string | null;
}

interface NewLine {
  sku: string;
  partnerLineItemId: string;
  quantity: number;
  price: string;
  productName: string;
  /** The building that the line is locked to; null: any. */
  lockedTo: string | null;
  /** The building that will ship it. */
  facility: string;
}

export interface OrderLine extends NewLine {
  legacyId: number;
  createdAt: number;
}

interface Papers {
  /** The warehouse's own id of an order that came to it by another way than the API. */
  worldId?: string;
  orderNumber: string;
  partnerOrderId: string | null;
  shopName: string;
  orderDate: number;
  email: string | null;
  totalPrice: string;
  packingNote: string | null;
  requiredShipDate: number | null;
  holdUntilDate: number | null;
  tags: string[];
  addressHold: boolean;
  shippingLines: ShippingLines | null;
  shippingAddress: Address;
  billingAddress: Address | null;
}

export interface NewOrder extends Papers {
  lines: NewLine[];
  facilities: string[];
}

/** What one building has set aside for the order. */
interface Allocation {
  facility: string;
  reference: number;
  at: number;
}

export interface Shipment {
  legacyId: number;
  facility: string;
  at: number;
  labelLegacyId: number;
  trackingNumber: string;
  lines: { legacyId: number; line: OrderLine; units: number }[];
}

/** An order as the vendor has written it down. */
export interface Order extends Papers {
  legacyId: number;
  lines: OrderLine[];
  /** One per building that ships some of it: an order of the warehouse world each. */
  parts: { facility: string; worldId: string }[];
  allocations: Map<string, Allocation>;
  shipments: Shipment[];
  createdAt: number;
  updatedAt: number;
}

/** An order as it stood at some time. */
export interface OrderView {
  order: Order;
  status: "pending" | "fulfilled" | "canceled";
  updatedAt: number;
  shipments: Shipment[];
  allocations: Allocation[];
  lines: { line: OrderLine; shipped: number; allocated: number; cancelled: number; waiting: number }[];
}
