// What is given to ShipBob, over real HTTP: orders, announced deliveries, a subscription.
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { FulfilmentOrder } from "../contract/keeper/keeper.ts";
import type { Answer, Asked } from "../contract/testing/scripted-vendor.ts";
import { valueOf } from "../contract/testing/value-of.ts";
import rawOrder from "./fixtures/order.json" with { type: "json" };
import rawReceiving from "./fixtures/receiving-order.json" with { type: "json" };
import { TOPICS } from "./subscription-desk.ts";
import { bodyOf, INVENTORY, pathOf, ShipBobBench } from "./testing/shipbob-bench.ts";

let bench: ShipBobBench;

beforeEach(async () => {
  bench = await ShipBobBench.open();
});
afterEach(() => bench.close());

const wanted: FulfilmentOrder = {
  reference: "OP-1001",
  orderNumber: "111-2222222-3333333",
  facility: "8",
  placedAt: Date.parse("2026-11-23T09:59:00Z"),
  lines: [{ lineId: "a", item: "KB-M", units: 2 }],
  shipTo: {
    name: "A B",
    address1: "1 Way",
    city: "Austin",
    region: "TX",
    postalCode: "78701",
    country: "US",
  },
  shippingMethod: null,
};

describe("an order for ShipBob", () => {
  it("is made once, in our channel, without a name that would make a product of an unknown SKU", async () => {
    const kept: object[] = [];
    bench.answers({
      "GET /order": () => [200, kept],
      "POST /order": () => {
        kept.push(rawOrder);
        return [201, rawOrder];
      },
    });
    const one = bench.keeper();
    for (let times = 0; times < 2; times++)
      expect(valueOf(await one.createOrder(wanted))).toEqual({ keeperOrderId: "90001" });
    const posts = bench.asked.filter(({ method }) => method === "POST");
    expect(posts).toHaveLength(1);
    expect(posts[0]?.headers).toMatchObject({ shipbob_channel_id: "433038" });
    expect(bodyOf(posts[0] as Asked)).toMatchObject({
      reference_id: "OP-1001",
      location_id: 8,
      shipping_method: "Standard",
      products: [{ reference_id: "KB-M", name: null, quantity: 2, external_line_id: 1 }],
    });
  });

  it("that a rival made meanwhile is the answer", async () => {
    let isThere = false;
    bench.answers({
      "GET /order": () => [200, isThere ? [rawOrder] : []],
      "POST /order": () => {
        isThere = true;
        return [422, { reference_id: ["Order with this reference_id already exists"] }];
      },
    });
    expect(valueOf(await bench.keeper().createOrder(wanted))).toEqual({ keeperOrderId: "90001" });
  });

  it("that is refused says why, and one that got no answer says that it may be there", async () => {
    bench.answers({ "GET /order": [200, []], "POST /order": [422, { products: ["unknown reference_id"] }] });
    expect(await bench.keeper().createOrder(wanted)).toMatchObject({
      ok: false,
      error: { kind: "rejected", message: expect.stringContaining("unknown reference_id") },
    });
    bench.answers({ "GET /order": [200, []], "POST /order": [502, ""] });
    expect(await bench.keeper().createOrder(wanted)).toMatchObject({
      ok: false,
      error: { kind: "transient", mayHaveApplied: true },
    });
  });

  it.each([
    [{ shipTo: null }, "no_address"],
    [{ facility: "main" }, "unknown_facility"],
    [{ lines: [{ lineId: "a", item: "inventory:504", units: 1 }] }, "no_sku"],
  ])("with %j is not sent", async (change, code) => {
    expect(await bench.keeper().createOrder({ ...wanted, ...change })).toMatchObject({ error: { code } });
    expect(bench.asked).toEqual([]);
  });

  it("is read by either name, and only by its own reference", async () => {
    bench.answers({
      "GET /order": [200, [{ ...rawOrder, reference_id: "OP-10011" }]],
      "GET /order/90001": [200, rawOrder],
      "GET /inventory": [200, INVENTORY],
    });
    expect(valueOf(await bench.keeper().readOrder({ reference: "OP-1001" }))).toBeNull();
    expect(valueOf(await bench.keeper().readOrder({ keeperOrderId: "1" }))).toBeNull();
    const read = valueOf(await bench.keeper().readOrder({ keeperOrderId: "90001" }));
    expect(read?.lines.map(({ item }) => item)).toEqual(["SKU-501", "SKU-502", "SKU-503"]);
  });

  const gone = { ...rawOrder, status: "Cancelled", shipments: [] };
  const cancel = "POST /order/90001:cancel";
  const read = "GET /order/90001";
  it.each([
    ["done", "cancelled", { [cancel]: [200, { status: "Success" }] }],
    ["done in part", "too_late", { [cancel]: [200, { status: "PartialSuccess" }], [read]: [200, rawOrder] }],
    ["refused", "too_late", { [cancel]: [422, {}], [read]: [200, rawOrder] }],
    ["refused the second time", "cancelled", { [cancel]: [422, {}], [read]: [200, gone] }],
    ["not known", "unknown", {}],
  ] as [string, string, Record<string, Answer>][])(
    "whose cancelling is %s is %s",
    async (_, expected, routes) => {
      bench.answers({ ...routes, "GET /inventory": [200, INVENTORY] });
      const order = { reference: "OP-1001", keeperOrderId: "90001" };
      expect(valueOf(await bench.keeper().cancelOrder(order))).toBe(expected);
    },
  );
});

describe("a delivery to ShipBob", () => {
  const inbound = {
    reference: "IN-1",
    facility: "8",
    expectedAt: null,
    lines: [{ item: "SKU-501", units: 10 }],
  };

  it("is announced once, by number", async () => {
    const kept: object[] = [];
    bench.answers({
      "GET /inventory": [200, INVENTORY],
      "GET /receiving": () => [200, kept],
      "POST /receiving": () => {
        kept.push(rawReceiving);
        return [201, rawReceiving];
      },
    });
    for (let times = 0; times < 2; times++)
      expect(valueOf(await bench.keeper().announceInbound(inbound))).toEqual({
        keeperInboundId: "442945",
      });
    const posts = bench.asked.filter(({ method }) => method === "POST");
    expect(posts.map(bodyOf)).toMatchObject([
      { purchase_order_number: "IN-1", boxes: [{ box_items: [{ inventory_id: 501, quantity: 10 }] }] },
    ]);
  });

  it("of an item that ShipBob does not have is not announced", async () => {
    bench.answers({ "GET /receiving": [404, {}], "GET /inventory": [200, { items: [], next: null }] });
    expect(await bench.keeper().announceInbound(inbound)).toMatchObject({ error: { code: "unknown_item" } });
  });

  it.each([
    ["done", "cancelled", [200, { ...rawReceiving, status: "Cancelled" }]],
    ["refused", "too_late", [422, { status: ["cannot be cancelled"] }]],
    ["not known", "unknown", [404, {}]],
  ] as [string, string, Answer][])("whose cancelling is %s is %s", async (_, expected, answer) => {
    bench.answers({ "POST /receiving/442945:cancel": answer, "GET /receiving/442945": [200, rawReceiving] });
    const cancelled = await bench.keeper().cancelInbound({ reference: "IN-1", keeperInboundId: "442945" });
    expect(valueOf(cancelled)).toBe(expected);
  });
});

describe("a subscription", () => {
  const url = "https://onepool.example/v1/keepers/3pl/deliveries";
  interface Hook {
    readonly id: string;
    readonly url: string;
    readonly topics: readonly string[];
    readonly enabled: boolean;
    readonly description: string;
  }
  let hooks: Hook[];
  const keep = async (known: readonly string[]) =>
    valueOf(await bench.keeper().keepSubscription({ url, known })).secrets;

  beforeEach(() => {
    hooks = [{ id: "other", url: "https://elsewhere.example/", topics: [], enabled: true, description: "" }];
    bench.vendor.api = (call) => {
      if (call.method === "GET") return [200, { items: hooks, next: null }];
      if (call.method === "POST") {
        const made = bodyOf(call) as unknown as Hook & { readonly secret: string };
        hooks.push({ ...made, id: `hook-${bench.asked.length}`, enabled: true });
        return [200, { id: "made", secret: made.secret }];
      }
      hooks = hooks.filter(({ id }) => !pathOf(call)?.endsWith(id));
      return [204, ""];
    };
  });
  const ours = () => hooks.filter((hook) => hook.url === url);

  it("is made once, and left alone while all is well", async () => {
    const secrets = await keep([]);
    expect(secrets).toHaveLength(1);
    expect(ours()).toMatchObject([{ topics: TOPICS }]);
    const asked = bench.asked.length;
    expect(await keep(secrets)).toEqual(secrets);
    expect(bench.asked).toHaveLength(asked + 1);
    expect(hooks).toHaveLength(2);
  });

  it.each([
    ["was disabled", (hook: Hook) => ({ ...hook, enabled: false })],
    ["lacks a topic", (hook: Hook) => ({ ...hook, topics: hook.topics.slice(1) })],
  ])("that %s is made anew, and the old secret kept for what is still on its way", async (_, spoil) => {
    const before = await keep([]);
    hooks = hooks.map((hook) => (hook.url === url ? spoil(hook) : hook));
    const after = await keep(before);
    expect(after.slice(1)).toEqual(before);
    expect(ours()).toHaveLength(1);
    expect(ours()[0]).toMatchObject({ topics: TOPICS, enabled: true });
  });

  it("whose secret was lost is made anew", async () => {
    const [lost] = await keep([]);
    const [fresh] = await keep([]);
    expect(fresh).not.toBe(lost);
    expect(ours()).toHaveLength(1);
    expect(JSON.stringify(hooks)).not.toContain(String(lost).slice("whsec_".length, 20));
  });
});
