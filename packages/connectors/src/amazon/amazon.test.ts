// Against Amazon's own files: every example in the official models and notification schemas is read, and every request we make is
// one they describe. Where the files do not lie beside the repository, these tests say so and are skipped.
import { existsSync, readFileSync } from "node:fs";

import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";

import { MemoryTokenVault } from "../contract/testing/memory-token-vault.ts";
import { type Asked, ScriptedVendor } from "../contract/testing/scripted-vendor.ts";
import { amazon } from "./connector.ts";
import { toError } from "./error.ts";
import rawListing from "./fixtures/listing.json" with { type: "json" };
import listingStatus from "./fixtures/notification-listing-status.json" with { type: "json" };
import orderChange from "./fixtures/notification-order-change.json" with { type: "json" };
import quantityChange from "./fixtures/notification-quantity-change.json" with { type: "json" };
import rawOrder from "./fixtures/order.json" with { type: "json" };
import { toChangedOrders, toOrderReading } from "./to-inbound.ts";
import { toListingReading } from "./to-listing.ts";
import { toReceipt } from "./to-push.ts";
import * as wire from "./wire.ts";

const OFFICIAL = new URL("../../../../../shared/references/amazon-sp-api/", import.meta.url);
const MISSING = "Amazon's official models are not beside the repository (../shared/references/amazon-sp-api)";
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

interface Parameter {
  readonly name: string;
  readonly in: "query" | "path" | "body";
  readonly required?: boolean;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly items?: { readonly enum?: readonly string[] };
  readonly schema?: object;
}

interface Sandboxed {
  readonly response: Record<string, unknown>;
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly responses: Readonly<
    Record<string, { "x-amzn-api-sandbox"?: { static?: readonly Sandboxed[] } } | undefined>
  >;
}

interface Model {
  readonly definitions: Record<string, object>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

function official<File>(path: string, skip: (note: string) => never): File {
  const url = new URL(path, OFFICIAL);
  if (!existsSync(url)) skip(MISSING);
  return JSON.parse(readFileSync(url, "utf8")) as File;
}

function operationOf(model: Model, operationId: string): Operation {
  const all = Object.values(model.paths).flatMap((methods) => Object.values(methods));
  const found = all.find((operation) => operation.operationId === operationId);
  if (found === undefined) throw new Error(`the model has no ${operationId}`);
  return found;
}

/** The bodies that Amazon's static sandbox answers. */
function examplesOf(model: Model, operationId: string, status = "200"): Record<string, unknown>[] {
  const { responses } = operationOf(model, operationId);
  const examples = responses[status]?.["x-amzn-api-sandbox"]?.static ?? [];
  expect(examples.length).toBeGreaterThan(0);
  return examples.map(({ response }) => response);
}

/** What is wrong with a value of this definition. */
function faultsIn(model: Model, definition: string, value: unknown): unknown[] {
  const validate = ajv.compile({ definitions: model.definitions, $ref: `#/definitions/${definition}` });
  validate(value);
  return validate.errors ?? [];
}

const ORDERS = "models/orders_2026-01-01.json";
const LISTINGS = "models/listingsItems_2021-08-01.json";

describe("the official examples", () => {
  it("of orders are read whole", ({ skip }) => {
    const model = official<Model>(ORDERS, skip);
    const orders = examplesOf(model, "getOrder").map((body) => wire.orderAnswerSchema.parse(body).order);
    for (const order of orders) {
      const owner = { connection: "c", marketplaceId: order.salesChannel.marketplaceId ?? "" };
      const reading = toOrderReading(owner, order);
      expect(reading).toMatchObject({ ok: true, value: { readAgainAfterMs: null } });
      if (!reading.ok) continue;
      const { report } = reading.value;
      expect(report.lines.map(({ lineId, quantity }) => [lineId, quantity])).toEqual(
        order.orderItems.map((item) => [item.orderItemId, item.quantityOrdered]),
      );
      for (const line of report.lines) expect(line.listing).not.toMatch(/^asin:/);
    }
    expect(new Set(orders.map((order) => order.fulfillment?.fulfillmentStatus))).toContain("UNSHIPPED");
  });

  it("of searches are read as whole orders", ({ skip }) => {
    const model = official<Model>(ORDERS, skip);
    for (const body of examplesOf(model, "searchOrders")) {
      const search = wire.orderSearchSchema.parse(body);
      const marketplaceId = wire.orderSchema.parse(search.orders[0]).salesChannel.marketplaceId ?? "";
      const page = toChangedOrders({ connection: "c", marketplaceId }, search, {
        pageAfter: (token) => token,
        answeredAt: null,
      });
      expect(page.orders.map(({ orderId }) => orderId)).toEqual(search.orders.map(({ orderId }) => orderId));
      for (const { reading } of page.orders) expect(reading?.report.status).toMatch(/./);
      const { pagination } = body as { pagination?: { nextToken?: string } };
      expect(page.nextPage).toBe(pagination?.nextToken ?? null);
    }
  });

  it("of listings are read, searched for and submitted", ({ skip }) => {
    const model = official<Model>(LISTINGS, skip);
    for (const body of examplesOf(model, "getListingsItem"))
      expect(toListingReading(wire.listingSchema.parse(body), "ATVPDKIKX0DER")).toMatchObject({
        ok: true,
        value: { quantity: 100, isBuyable: true, notWritable: null },
      });
    for (const body of examplesOf(model, "searchListingsItems"))
      for (const item of wire.listingSearchSchema.parse(body).items)
        expect(toListingReading(wire.listingSchema.parse(item), "ATVPDKIKX0DER").ok).toBe(true);
    const receipts = examplesOf(model, "patchListingsItem").map((body) =>
      toReceipt(wire.submissionSchema.parse(body)),
    );
    expect(receipts.map((receipt) => (receipt.ok ? "ok" : receipt.error.kind))).toEqual([
      "ok",
      "transient", // VALID: only of a preview, which we do not ask for
      "rejected",
    ]);
  });

  it("of the account and of errors are read", ({ skip }) => {
    const sellers = official<Model>("models/sellers.json", skip);
    for (const body of examplesOf(sellers, "getMarketplaceParticipations"))
      expect(wire.participationsSchema.parse(body).payload[0]?.marketplace.id).toBe("ATVPDKIKX0DER");
    const bad = { retryAfter: null, now: 0, status: 400 };
    for (const body of examplesOf(official<Model>(ORDERS, skip), "getOrder", "400"))
      expect(toError({ ...bad, body })).toMatchObject({ kind: "rejected", code: "InvalidInput" });
    for (const body of examplesOf(official<Model>(LISTINGS, skip), "patchListingsItem", "400"))
      expect(toError({ ...bad, body })).toMatchObject({ kind: "rejected", code: "BAD_REQUEST" });
  });

  it("of notifications are understood", ({ skip }) => {
    const read = (name: string) => {
      const schema = official<{ examples?: unknown[] }>(`schemas/notifications/${name}.json`, skip);
      expect(schema.examples, name).not.toHaveLength(0);
      return amazon.readNotification(schema.examples?.[0]);
    };
    expect(read("OrderChangeNotification")).toMatchObject({
      kind: "notice",
      accountId: "A3TH9S8BH6GOGM:ATVPDKIKX0DER",
      notice: { about: { kind: "order", orderId: "903-8868176-2219830" } },
      says: {
        isEnough: false,
        report: { cancelRequested: true, lines: [{ listing: "SellerSKUID1", quantity: 10 }] },
      },
    });
    expect(read("ListingsItemStatusChangeNotification")).toMatchObject({ kind: "notice" });
    expect(read("ListingsItemIssuesChangeNotification_2023-12-13")).toMatchObject({ kind: "notice" });
    expect(read("ListingsItemMfnQuantityChange")).toMatchObject({
      kind: "ignored",
      reason: "no_marketplace",
    });
    for (const other of ["AnyOfferChangedNotification", "FeedProcessingFinishedNotification"])
      expect(read(other)).toMatchObject({ kind: "ignored", reason: "not_followed" });
  });
});

describe("our own fixtures", () => {
  it("are what the official models describe", ({ skip }) => {
    expect(faultsIn(official<Model>(ORDERS, skip), "Order", rawOrder)).toEqual([]);
    expect(faultsIn(official<Model>(LISTINGS, skip), "Item", rawListing)).toEqual([]);
  });

  it.for([
    ["OrderChangeNotification", orderChange],
    ["ListingsItemStatusChangeNotification", listingStatus],
    ["ListingsItemMfnQuantityChange", quantityChange],
  ] as const)("are what the official schema describes: %s", ([name, fixture], { skip }) => {
    const {
      $schema: _,
      $id: __,
      ...schema
    } = official<Record<string, object>>(`schemas/notifications/${name}.json`, skip);
    const validate = ajv.compile(schema);
    validate(fixture);
    // The schema of LISTINGS_ITEM_STATUS_CHANGE spells its type differently than its own example.
    const faults = (validate.errors ?? []).filter(({ instancePath }) => instancePath !== "/NotificationType");
    expect(faults).toEqual([]);
  });
});

describe("our requests", () => {
  const operations: Readonly<Record<string, readonly [string, string]>> = {
    getOrder: [ORDERS, "/orders/2026-01-01/orders/"],
    searchOrders: [ORDERS, "/orders/2026-01-01/orders"],
    getListingsItem: [LISTINGS, "/listings/2021-08-01/items/A3TH9S8BH6GOGM/"],
    searchListingsItems: [LISTINGS, "/listings/2021-08-01/items/A3TH9S8BH6GOGM"],
    patchListingsItem: [LISTINGS, "/listings/2021-08-01/items/A3TH9S8BH6GOGM/"],
    getMarketplaceParticipations: ["models/sellers.json", "/sellers/v1/marketplaceParticipations"],
  };

  it.for(Object.entries(operations))(
    "are what the official model describes: %s",
    async ([id, [file, path]], { skip }) => {
      const model = official<Model>(file, skip);
      const asked = (await askEverything()).filter((call) => operationIdOf(call) === id);
      expect(asked.length).toBeGreaterThan(0);
      for (const call of asked) {
        expect(call.target.slice("/api".length).startsWith(path)).toBe(true);
        expect(faultsOf(model, operationOf(model, id), call)).toEqual([]);
      }
    },
  );

  function operationIdOf({ method, target }: Asked): string {
    const path = target.slice("/api".length).split("?")[0] ?? "";
    if (path.startsWith("/sellers/")) return "getMarketplaceParticipations";
    if (path.startsWith("/orders/")) return path.endsWith("/orders") ? "searchOrders" : "getOrder";
    if (method === "PATCH") return "patchListingsItem";
    return path.split("/").length === 5 ? "searchListingsItems" : "getListingsItem";
  }
});

/** Makes the connector ask for everything it can ask for. */
async function askEverything(): Promise<readonly Asked[]> {
  const vendor = await ScriptedVendor.open();
  const clock = { now: () => Date.parse("2026-11-23T10:10:00Z") };
  vendor.token = () => [200, { access_token: "Atza|1", expires_in: 3600 }];
  vendor.api = ({ target }) => {
    if (target.includes("/listings/"))
      return [200, target.includes("identifiers=") ? { items: [] } : rawListing];
    return [200, { orders: [], pagination: { nextToken: "t" } }];
  };
  const opened = amazon.connect({
    connection: "amazon-us",
    settings: {
      baseUrl: vendor.baseUrl,
      tokenUrl: vendor.tokenUrl,
      sellerId: "A3TH9S8BH6GOGM",
      marketplaceId: "ATVPDKIKX0DER",
    },
    credentials: { clientId: "c", clientSecret: "s" },
    tokens: new MemoryTokenVault("Atzr|1", clock),
    clock,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  const connector = opened.value;
  await connector.readAccountId();
  await connector.fetchOrder(rawOrder.orderId);
  for (const page of [{}, { page: "2026-11-23T10:00:00.000Z t" }])
    await connector.listChangedOrders({ from: 0, to: Date.parse("2026-11-23T10:00:00Z"), ...page });
  await connector.readListings(Array.from({ length: 20 }, (_, nth) => `KB-${nth}/#`));
  await connector.pushQuantity({ externalId: rawListing.sku, quantity: 3 });
  await vendor.close();
  return vendor.calls;
}

/** What the model would object to. */
function faultsOf(model: Model, { parameters }: Operation, call: Asked): unknown[] {
  const query = new URL(`http://x${call.target}`).searchParams;
  const unknown = [...query.keys()].filter((name) => !parameters.some((one) => one.name === name));
  const faults = parameters.flatMap((parameter) => {
    if (parameter.in === "path") return [];
    if (parameter.in === "body") return faultsInBody(model, parameter, call.body);
    const value = query.get(parameter.name);
    if (value === null) return parameter.required === true ? [`${parameter.name} is missing`] : [];
    return faultsInValue(parameter, value);
  });
  return [...unknown, ...faults];
}

function faultsInBody(model: Model, { schema }: Parameter, body: string): unknown[] {
  const validate = ajv.compile({ definitions: model.definitions, ...schema });
  validate(JSON.parse(body));
  return validate.errors ?? [];
}

function faultsInValue(
  { name, type, items, maxItems, maximum, ...parameter }: Parameter,
  value: string,
): string[] {
  const values = type === "array" ? value.split(",") : [value];
  const allowed = items?.enum ?? parameter.enum;
  return [
    ...values.filter((one) => allowed !== undefined && !allowed.includes(one)),
    ...(values.length > (maxItems ?? Infinity) ? [`${name} has ${values.length} items`] : []),
    ...(type === "integer" && !(Number(value) <= (maximum ?? Infinity)) ? [`${name} is ${value}`] : []),
  ];
}
