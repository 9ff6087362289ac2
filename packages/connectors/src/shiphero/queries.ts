// The operations. Page sizes keep each below the credits that one operation may ask for: a row counts one, and rows within rows count
// for every row around them, whether they come or not.

const PAGE = "pageInfo { hasNextPage endCursor }";

export const ACCOUNT = `query account { account { request_id complexity data { id warehouses { id identifier } } } }`;

const LEVEL = "sku warehouse_id on_hand allocated non_sellable_quantity";

export const LEVELS = `query warehouse_products($after: String) {
  warehouse_products { request_id complexity data(first: 500, after: $after) { ${PAGE} edges { node { ${LEVEL} } } } }
}`;

/** Levels of so many SKUs, each under an alias of its own; an SKU lies in at most 20 warehouses of an account (assumed). */
export function levelsOf(items: readonly string[]): {
  readonly query: string;
  readonly variables: Readonly<Record<string, string>>;
} {
  const names = items.map((_, index) => `sku${index}`);
  const fields = names.map(
    (name) =>
      `${name}: warehouse_products(sku: $${name}) { request_id complexity data(first: 20) { ${PAGE} edges { node { ${LEVEL} } } } }`,
  );
  const declared = names.map((name) => `$${name}: String`).join(", ");
  return {
    query: `query warehouse_products(${declared}) { ${fields.join(" ")} }`,
    variables: Object.fromEntries(items.map((item, index) => [`sku${index}`, item])),
  };
}

const JOB = "snapshot { snapshot_id status error snapshot_url }";

export const START_SNAPSHOT = `mutation inventory_generate_snapshot($data: InventoryGenerateSnapshotInput!) {
  inventory_generate_snapshot(data: $data) { request_id complexity ${JOB} }
}`;

export const SNAPSHOT = `query inventory_snapshot($id: String!) {
  inventory_snapshot(snapshot_id: $id) { request_id complexity ${JOB} }
}`;

export const CHANGES = `query inventory_changes($from: ISODateTime, $to: ISODateTime, $after: String) {
  inventory_changes(date_from: $from, date_to: $to) { request_id complexity data(first: 200, after: $after) { ${PAGE} edges { node {
    warehouse_id sku previous_on_hand change_in_on_hand reason cycle_counted created_at location { name sellable }
  } } } }
}`;

const LINE = "id sku partner_line_item_id quantity quantity_shipped warehouse_id locked_to_warehouse_id";

function orderFields(lines: number): string {
  return `id order_number partner_order_id fulfillment_status order_date updated_at
    holds { fraud_hold address_hold shipping_method_hold operator_hold payment_hold client_hold }
    line_items(first: ${lines}) { ${PAGE} edges { node { ${LINE} } } }
    shipments { id warehouse_id created_date shipping_labels { tracking_number }
      line_items(first: ${lines}) { ${PAGE} edges { node { line_item_id quantity } } } }`;
}

export const ORDERS = `query orders($from: ISODateTime, $after: String) {
  orders(updated_from: $from) {
    request_id complexity data(first: 20, after: $after) { ${PAGE} edges { node { ${orderFields(50)} } } }
  }
}`;

export const ORDERS_OF_REFERENCE = `query orders($reference: String!) {
  orders(partner_order_id: $reference) {
    request_id complexity data(first: 5) { ${PAGE} edges { node { ${orderFields(40)} } } }
  }
}`;

export const ORDER = `query order($id: String!) {
  order(id: $id) { request_id complexity data { ${orderFields(300)} } }
}`;

export const CREATE_ORDER = `mutation order_create($data: CreateOrderInput!) {
  order_create(data: $data) { request_id complexity order { id } }
}`;

export const CANCEL_ORDER = `mutation order_cancel($data: CancelOrderInput!) {
  order_cancel(data: $data) { request_id complexity order { id fulfillment_status } }
}`;

const PURCHASE_LINE = "sku quantity quantity_received quantity_rejected updated_at";

function purchaseFields(lines: number): string {
  return `id warehouse_id po_number fulfillment_status po_date created_at date_closed
    line_items(first: ${lines}) { ${PAGE} edges { node { ${PURCHASE_LINE} } } }`;
}

export const PURCHASE_ORDERS_MADE = `query purchase_orders($from: ISODateTime, $after: String) {
  purchase_orders(created_from: $from) { request_id complexity data(first: 20, after: $after) { ${PAGE} edges { node { ${purchaseFields(60)} } } } }
}`;

export const PURCHASE_ORDERS_CLOSED = `query purchase_orders($from: ISODateTime, $after: String) {
  purchase_orders(date_closed_from: $from) { request_id complexity data(first: 20, after: $after) { ${PAGE} edges { node { ${purchaseFields(60)} } } } }
}`;

export const PURCHASE_ORDER = `query purchase_order($number: String!) {
  purchase_order(po_number: $number) { request_id complexity data { ${purchaseFields(1_500)} } }
}`;

export const PURCHASE_ORDER_BY_ID = `query purchase_order($id: String!) {
  purchase_order(id: $id) { request_id complexity data { ${purchaseFields(1_500)} } }
}`;

export const CREATE_PURCHASE_ORDER = `mutation purchase_order_create($data: CreatePurchaseOrderInput!) {
  purchase_order_create(data: $data) { request_id complexity purchase_order { id } }
}`;

export const CANCEL_PURCHASE_ORDER = `mutation purchase_order_cancel($data: CancelPurchaseOrderInput!) {
  purchase_order_cancel(data: $data) { request_id complexity purchase_order { id fulfillment_status } }
}`;

export const RETURNS = `query returns($from: ISODateTime, $after: String) {
  returns(date_from: $from) { request_id complexity data(first: 100, after: $after) { ${PAGE} edges { node {
    id status created_at partner_id order { order_number partner_order_id }
    line_items { quantity quantity_received restock warehouse_id updated_at product { sku } }
  } } } }
}`;

export const WEBHOOKS = `query webhooks {
  webhooks { request_id complexity data(first: 100) { ${PAGE} edges { node { id name url shop_name enabled } } } }
}`;

export const CREATE_WEBHOOK = `mutation webhook_create($data: CreateWebhookInput!) {
  webhook_create(data: $data) { request_id complexity webhook { id shared_signature_secret } }
}`;

export const DELETE_WEBHOOK = `mutation webhook_delete($data: DeleteWebhookInput!) {
  webhook_delete(data: $data) { request_id complexity }
}`;

export const ENABLE_WEBHOOK = `mutation webhook_enable($data: EnableWebhookInput!) {
  webhook_enable(data: $data) { request_id complexity }
}`;
