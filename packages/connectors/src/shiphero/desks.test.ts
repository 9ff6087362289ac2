// What is given to ShipHero, over real HTTP: orders, announced deliveries, webhooks.
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { FulfilmentOrder } from "../contract/keeper/keeper.ts";
import type { Answer } from "../contract/testing/scripted-vendor.ts";
import { valueOf } from "../contract/testing/value-of.ts";
import rawOrder from "./fixtures/order.json" with { type: "json" };
import rawPurchase from "./fixtures/purchase-order.json" with { type: "json" };
import { webhookIdIn } from "./signature.ts";
import { WEBHOOK_TYPES } from "./subscription-desk.ts";
import { type AskedOperation, answer, failure, rows, ShipHeroBench } from "./testing/shiphero-bench.ts";

let bench: ShipHeroBench;

beforeEach(async () => {
  bench = await ShipHeroBench.open();
});
afterEach(() => bench.close());

const ORDER_ID = "T3JkZXI6MjcyMjcxNzA2";
const wanted: FulfilmentOrder = {
  reference: "OP-1001",
  orderNumber: "111-2222222-3333333",
  facility: "76733",
  placedAt: Date.parse("2026-11-23T09:59:00Z"),
  lines: [
    { lineId: "a", item: "KB-M", units: 2 },
    { lineId: "a", item: "STRAP", units: 4 },
  ],
  shipTo: {
    name: "Ana María Pérez",
    address1: "1 Way",
    city: "Austin",
    region: "TX",
    postalCode: "78701",
    country: "US",
  },
  shippingMethod: null,
};
const dataOf = ({ variables }: AskedOperation) => variables.data as Readonly<Record<string, unknown>>;

describe("an order for ShipHero", () => {
  /** Keeps what it was given, and then answers as told. */
  function vendorThat(kept: object[], then: Answer) {
    bench.answers({
      orders: () => answer("orders", rows(kept)),
      order_create: () => {
        kept.push(rawOrder);
        return then;
      },
    });
  }
  const made = answer("order_create", { order: { id: ORDER_ID } });

  it("is made once, each of its lines under an id of its own", async () => {
    vendorThat([], made);
    for (let times = 0; times < 2; times++)
      expect(valueOf(await bench.keeper().createOrder(wanted))).toEqual({ keeperOrderId: ORDER_ID });
    const posts = bench.asked.filter(({ name }) => name === "order_create");
    expect(posts.map(dataOf)).toMatchObject([
      {
        partner_order_id: "OP-1001",
        order_number: "111-2222222-3333333",
        shop_name: "onepool",
        order_date: "2026-11-23T09:59:00",
        shipping_address: { first_name: "Ana", last_name: "María Pérez", country_code: "US" },
        line_items: [
          { sku: "KB-M", partner_line_item_id: "a~1", quantity: 2, warehouse_id: "V2FyZWhvdXNlOjc2NzMz" },
          { sku: "STRAP", partner_line_item_id: "a~2", quantity: 4 },
        ],
      },
    ]);
  });

  it.each([
    ["got no answer", [502, "<html>"]],
    ["was refused as there already", failure("Order OP-1001 already exists", 4)],
    ["failed for no reason", failure("Unexpected error", 1)],
  ] as [string, Answer][])("that %s is looked for, and found", async (_, then) => {
    vendorThat([], then);
    expect(valueOf(await bench.keeper().createOrder(wanted))).toEqual({ keeperOrderId: ORDER_ID });
  });

  it("that is not there after a failure may be there later; one that was refused says why", async () => {
    const nothing = answer("orders", rows([]));
    bench.answers({ orders: nothing, order_create: [502, ""] });
    expect(await bench.keeper().createOrder(wanted)).toMatchObject({
      error: { kind: "transient", mayHaveApplied: true },
    });
    bench.answers({ orders: nothing, order_create: failure("Invalid shipping method", 3) });
    const refused = await bench.keeper().createOrder(wanted);
    expect(refused).toMatchObject({
      error: { kind: "rejected", message: expect.stringContaining("shipping method") },
    });
    expect(await bench.keeper().createOrder({ ...wanted, shipTo: null })).toMatchObject({
      error: { code: "no_address" },
    });
  });

  it("is not made while nobody can say whether it is there", async () => {
    bench.answers({ orders: failure("Not enough credits", 30) });
    expect(await bench.keeper().createOrder(wanted)).toMatchObject({ error: { kind: "throttled" } });
    expect(bench.asked.map(({ name }) => name)).toEqual(["orders"]);
  });

  it("is read by either name, and only by its own reference", async () => {
    bench.answers({
      orders: answer("orders", rows([{ ...rawOrder, partner_order_id: "OP-10011" }])),
      order: ({ variables }) =>
        variables.id === ORDER_ID ? answer("order", { data: rawOrder }) : failure("Order not found", 5),
    });
    expect(valueOf(await bench.keeper().readOrder({ reference: "OP-1001" }))).toBeNull();
    expect(valueOf(await bench.keeper().readOrder({ keeperOrderId: "1" }))).toBeNull();
    expect(valueOf(await bench.keeper().readOrder({ keeperOrderId: ORDER_ID }))?.reference).toBe("OP-1001");
  });

  const gone = { ...rawOrder, fulfillment_status: "canceled", shipments: [] };
  const done = answer("order_cancel", { order: { id: ORDER_ID, fulfillment_status: "canceled" } });
  const refused = failure("Order has completed shipments", 4);
  it.each([
    ["done", "cancelled", done, gone],
    ["done for what had not left", "too_late", done, { ...rawOrder, fulfillment_status: "canceled" }],
    ["refused", "too_late", refused, rawOrder],
    ["refused the second time", "cancelled", refused, gone],
    ["not known", "unknown", failure("Order not found", 5), null],
  ] as const)("whose cancelling is %s is %s", async (_, expected, cancelled, standing) => {
    const order = standing === null ? failure("Order not found", 5) : answer("order", { data: standing });
    bench.answers({ order_cancel: cancelled, order });
    const asked = { reference: "OP-1001", keeperOrderId: ORDER_ID };
    expect(valueOf(await bench.keeper().cancelOrder(asked))).toBe(expected);
  });

  it("that ShipHero never had is unknown", async () => {
    bench.answers({ orders: answer("orders", rows([])) });
    const asked = { reference: "OP-1001", keeperOrderId: null };
    expect(valueOf(await bench.keeper().cancelOrder(asked))).toBe("unknown");
  });
});

describe("a delivery to ShipHero", () => {
  const inbound = {
    reference: "IN-1",
    facility: "76733",
    expectedAt: Date.parse("2026-12-01T00:00:00Z"),
    lines: [{ item: "KB-M", units: 10 }],
  };
  const { id } = rawPurchase;
  const notFound = failure("Purchase Order not found", 5);
  const untouched = structuredClone(rawPurchase);
  for (const { node } of untouched.line_items.edges) node.quantity_received = 0;

  it("is announced once, also when nobody answers", async () => {
    let isThere = false;
    bench.answers({
      purchase_order: () => (isThere ? answer("purchase_order", { data: rawPurchase }) : notFound),
      purchase_order_create: () => {
        isThere = true;
        return [504, ""];
      },
    });
    for (let times = 0; times < 2; times++)
      expect(valueOf(await bench.keeper().announceInbound(inbound))).toEqual({ keeperInboundId: id });
    const posts = bench.asked.filter(({ name }) => name === "purchase_order_create");
    expect(posts.map(dataOf)).toMatchObject([
      { po_number: "IN-1", po_date: "2026-12-01T00:00:00", line_items: [{ sku: "KB-M", quantity: 10 }] },
    ]);
  });

  const cancelled = answer("purchase_order_cancel", {
    purchase_order: { id, fulfillment_status: "canceled" },
  });
  it.each([
    ["nothing of it came", "cancelled", untouched, cancelled],
    ["it was cancelled before", "cancelled", { ...untouched, fulfillment_status: "canceled" }, notFound],
    ["a part of it came", "too_late", rawPurchase, cancelled],
    ["ShipHero refuses", "too_late", untouched, failure("Purchase order is closed", 4)],
    ["ShipHero never had it", "unknown", null, notFound],
  ] as const)("is cancelled while %s: %s", async (_, expected, standing, answered) => {
    bench.answers({
      purchase_order: standing === null ? notFound : answer("purchase_order", { data: standing }),
      purchase_order_cancel: answered,
    });
    const asked = { reference: "IN-1", keeperInboundId: id };
    expect(valueOf(await bench.keeper().cancelInbound(asked))).toBe(expected);
  });
});

describe("webhooks", () => {
  const url = "https://onepool.example/v1/keepers/3pl/deliveries";
  interface Hook {
    readonly id: string;
    readonly name: string;
    readonly url: string;
    readonly shop_name: string;
    readonly enabled: boolean;
  }
  let hooks: Hook[];
  let refusedAfter: number;
  const keep = async (known: readonly string[]) =>
    valueOf(await bench.keeper().keepSubscription({ url, known })).secrets;
  const ours = () => hooks.filter(({ shop_name: shop }) => shop === "onepool");
  const changes = () => bench.asked.filter(({ name }) => name !== "webhooks").map(({ name }) => name);

  beforeEach(() => {
    const other = { id: "other", name: "PO Update", url: "https://erp.example/", shop_name: "public-api" };
    hooks = [{ ...other, enabled: false }];
    refusedAfter = Infinity;
    bench.answers({
      webhooks: () => answer("webhooks", rows(hooks)),
      webhook_create: (operation) => {
        const { name, url: at, shop_name } = dataOf(operation) as unknown as Hook;
        if (changes().filter((one) => one === "webhook_create").length > refusedAfter)
          return failure("Not enough credits", 30);
        const id = `hook-${bench.asked.length}`;
        hooks.push({ id, name, url: at, shop_name, enabled: true });
        return answer("webhook_create", { webhook: { id, shared_signature_secret: `secret of ${id}` } });
      },
      webhook_delete: (operation) => {
        const { name, shop_name } = dataOf(operation);
        hooks = hooks.filter((hook) => hook.name !== name || hook.shop_name !== shop_name);
        return answer("webhook_delete", {});
      },
      webhook_enable: (operation) => {
        const { webhook_id: id } = dataOf(operation);
        hooks = hooks.map((hook) => (hook.id === id ? { ...hook, enabled: true } : hook));
        return answer("webhook_enable", {});
      },
    });
  });

  it("are made once per type, and left alone while all is well", async () => {
    const secrets = await keep([]);
    expect(ours().map(({ name }) => name)).toEqual(WEBHOOK_TYPES);
    expect(secrets.map(webhookIdIn)).toEqual(ours().map(({ id }) => id));
    const before = changes().length;
    expect(await keep(secrets)).toEqual(secrets);
    expect(changes()).toHaveLength(before);
    expect(hooks[0]).toMatchObject({ id: "other", enabled: false });
  });

  it("that were disabled are enabled, with the secrets that they have", async () => {
    const secrets = await keep([]);
    hooks = hooks.map((hook) => ({ ...hook, enabled: false }));
    expect(await keep(secrets)).toEqual(secrets);
    expect(ours().every(({ enabled }) => enabled)).toBe(true);
  });

  it("that lead elsewhere, or whose secret was lost, are made anew", async () => {
    const secrets = await keep([]);
    hooks = hooks.map((hook) =>
      hook.name === "PO Update" ? { ...hook, url: "https://old.example/" } : hook,
    );
    const after = await keep(secrets.slice(1));
    expect(after.slice(2)).toEqual(secrets.slice(1));
    expect(after.slice(0, 2).map(webhookIdIn)).toEqual(
      ours()
        .filter(({ name }) => ["Inventory Change", "PO Update"].includes(name))
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(ours()).toHaveLength(WEBHOOK_TYPES.length);
    expect(ours().every((hook) => hook.url === url)).toBe(true);
  });

  it("that were made before one failed are kept: their secrets are not told again", async () => {
    refusedAfter = 2;
    const first = await keep([]);
    expect(first).toHaveLength(2);
    refusedAfter = Infinity;
    const rest = await keep(first);
    expect(rest).toHaveLength(WEBHOOK_TYPES.length);
    expect(rest.slice(-2)).toEqual(first);
  });
});
