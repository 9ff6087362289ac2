import { acceptOrder } from "../../warehouse/order-acts.ts";
import { recordedFree } from "../../warehouse/stock.ts";
import { stockAt } from "../../warehouse/warehouse.ts";
import { conflict, invalid, notFound, type VendorRefusal } from "../graphql/vendor-refusal.ts";
import { refusalOfCustomer } from "../own-account.ts";
import type { World } from "../world.ts";
import type { Address, NewOrder, Order, ShippingLines } from "./order.ts";

interface CreateLineItemInput {
  sku: string;
  partner_line_item_id: string;
  quantity: number;
  price: string;
  product_name?: string | null;
  warehouse_id?: string | null;
}

export interface CreateOrderInput {
  customer_account_id?: string | null;
  order_number?: string | null;
  partner_order_id?: string | null;
  shop_name?: string | null;
  order_date?: number | null;
  total_price?: string | null;
  email?: string | null;
  packing_note?: string | null;
  required_ship_date?: number | null;
  hold_until_date?: number | null;
  tags?: (string | null)[] | null;
  skip_address_validation?: boolean | null;
  shipping_lines?: ShippingLines | null;
  shipping_address: Address;
  billing_address?: Address | null;
  line_items?: (CreateLineItemInput | null)[] | null;
}

const DEFAULT_SHOP = "public-api";

function refusalOfLine({ levels, catalogue }: World, line: CreateLineItemInput): VendorRefusal | undefined {
  if (line.quantity < 1) return invalid("Quantity must be greater than 0");
  const levelsOfSku = levels.latestOfSku(line.sku);
  if (levelsOfSku.length === 0) return notFound(`Product with sku ${line.sku}`);
  if (typeof line.warehouse_id !== "string") return undefined;
  const site = catalogue.siteById(line.warehouse_id);
  const isKept = site !== undefined && levelsOfSku.some(({ facility }) => facility === site.facility);
  return isKept ? undefined : notFound("Warehouse");
}

function refusalOf(
  world: World,
  data: CreateOrderInput,
  lines: CreateLineItemInput[],
): VendorRefusal | undefined {
  const customer = refusalOfCustomer(world, data.customer_account_id);
  if (customer !== undefined) return customer;
  if (lines.length === 0) return invalid("line_items must not be empty");
  const ids = lines.map((line) => line.partner_line_item_id);
  if (new Set(ids).size < ids.length) return invalid("partner_line_item_id must be unique within the order");
  for (const line of lines) {
    const refusal = refusalOfLine(world, line);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** The first building that has all of it, or the first that keeps the SKUs at all. ASSUMED. */
function facilityFor(world: World, lines: readonly CreateLineItemInput[]): string | undefined {
  const { catalogue, levels, warehouse } = world;
  const keeping = catalogue
    .sites()
    .map(({ facility }) => facility)
    .filter((facility) => lines.every(({ sku }) => levels.latest(facility, sku) !== undefined));
  const hasAll = (facility: string): boolean =>
    lines.every(({ sku, quantity }) => recordedFree(stockAt(warehouse, facility, sku)) >= quantity);
  return keeping.find(hasAll) ?? keeping[0];
}

function isWholeAddress({ address1, city, zip, country, country_code: code }: Address): boolean {
  return [address1, city, zip, country ?? code].every((part) => typeof part === "string" && part !== "");
}

function notesOf(data: CreateOrderInput) {
  return {
    packingNote: data.packing_note ?? null,
    requiredShipDate: data.required_ship_date ?? null,
    holdUntilDate: data.hold_until_date ?? null,
    tags: data.tags?.filter((tag) => tag !== null) ?? [],
  };
}

function papersOf(world: World, data: CreateOrderInput): Omit<NewOrder, "lines" | "facilities"> {
  const { shipping_address: shippingAddress } = data;
  return {
    orderNumber: data.order_number ?? data.partner_order_id ?? world.ids.nextRequest(),
    partnerOrderId: data.partner_order_id ?? null,
    shopName: data.shop_name ?? DEFAULT_SHOP,
    orderDate: data.order_date ?? world.clock.now(),
    email: data.email ?? shippingAddress.email ?? null,
    totalPrice: data.total_price ?? "0.00",
    ...notesOf(data),
    // Addresses are checked, and what is wrong puts the order on hold, documented.
    addressHold: data.skip_address_validation !== true && !isWholeAddress(shippingAddress),
    shippingLines: data.shipping_lines ?? null,
    shippingAddress,
    billingAddress: data.billing_address ?? null,
  };
}

function newLines(world: World, lines: readonly CreateLineItemInput[]): NewOrder["lines"] | VendorRefusal {
  const free = lines.filter(({ warehouse_id: id }) => typeof id !== "string");
  const chosen = facilityFor(world, free);
  if (chosen === undefined) return notFound("Warehouse");
  return lines.map((line) => {
    const locked =
      typeof line.warehouse_id === "string" ? world.catalogue.siteById(line.warehouse_id) : undefined;
    return {
      sku: line.sku,
      partnerLineItemId: line.partner_line_item_id,
      quantity: line.quantity,
      price: line.price,
      productName: line.product_name ?? world.catalogue.nameProduct(line.sku).name,
      lockedTo: locked?.facility ?? null,
      facility: locked?.facility ?? chosen,
    };
  });
}

/** Takes an order in. A second one of the same reference is refused, or made, as the settings say. */
export function createOrder(world: World, data: CreateOrderInput): Order | VendorRefusal {
  const asked = (data.line_items ?? []).filter((line) => line !== null);
  const refusal = refusalOf(world, data, asked);
  if (refusal !== undefined) return refusal;
  const papers = papersOf(world, data);
  if (world.settings.duplicateOrders === "refused" && world.orders.sameReference(papers) !== undefined) {
    return conflict(`Order ${papers.partnerOrderId ?? papers.orderNumber} already exists`);
  }
  const lines = newLines(world, asked);
  if (lines instanceof Error) return lines;
  const facilities = [...new Set(lines.map(({ facility }) => facility))];
  const order = world.orders.open({ ...papers, lines, facilities });
  for (const { facility, worldId: id } of order.parts) {
    const own = lines.filter((line) => line.facility === facility);
    const outcome = acceptOrder(world.warehouse, {
      id,
      facility,
      by: "api",
      lines: own.map(({ sku, quantity }) => ({ item: sku, units: quantity })),
    });
    if (!outcome.done) throw new Error(`the warehouse refused order ${order.orderNumber}: ${outcome.reason}`);
  }
  return order;
}
