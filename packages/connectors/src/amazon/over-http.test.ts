import type { OrderReport, SourceFacts } from "@onepool/core/ledger/order-record.ts";
import { heldFacts, joinState, lineFacts } from "@onepool/core/ledger/source-facts.ts";
// What only shows between the connector and a marketplace that answers: odd SKUs, what notifications say against what orders say,
// requests to cancel, parts shipped and cancelled, Amazon's own stock.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { Connector, ListingReading, OrderReading } from "../contract/connector.ts";
import type { NoticeReading } from "../contract/notice.ts";
import type { Outcome } from "../contract/outcome.ts";
import { MemoryTokenVault } from "../contract/testing/memory-token-vault.ts";
import { type NotificationSink, openNotificationSink } from "../contract/testing/notification-sink.ts";
import { type SimulatorProcess, startSimulator } from "../contract/testing/simulator-process.ts";
import { amazon } from "./connector.ts";

const MARKETPLACE = "ATVPDKIKX0DER";
const ODD = ["KB/M #1", "a,b", "50% off?x=1&y", " leading"];

interface Account {
  readonly account: string;
  readonly sellerId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

let simulator: SimulatorProcess;
let sink: NotificationSink;
let connector: Connector;

beforeAll(async () => {
  simulator = await startSimulator("amazon", 5);
  sink = await openNotificationSink();
  const zero = { min: 0, max: 0 };
  await simulator.control("PUT", "/_sim/settings", {
    writeApplyMs: zero,
    writeTail: { share: 0, minMs: 0, maxMs: 0 },
    notificationLatencyMs: zero,
    limits: { factor: 1_000 },
    notifications: { level: "both" },
  });
  const listings = [
    ...["KB-M", "KB-L", ...ODD].map((listing) => ({ listing, availableQuantity: 40 })),
    { listing: "FBA-1", fulfilledBy: "AMAZON", availableQuantity: 9 },
  ];
  await simulator.control("PUT", "/_sim/accounts", {
    callbackUrl: sink.url,
    accounts: [{ account: "shop", marketplaceIds: [MARKETPLACE], listings }],
  });
  connector = await open();
});

afterEach(() => simulator.control("PUT", "/_sim/faults", {}));
afterAll(async () => {
  await simulator.stop();
  await sink.close();
});

function valueOf<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(`${outcome.error.kind}: ${outcome.error.message}`);
  return outcome.value;
}

async function open(settings: object = {}): Promise<Connector> {
  const described = (await simulator.control("GET", "/_sim/accounts")) as unknown as { accounts: Account[] };
  const account = described.accounts.find((one) => one.account === "shop");
  if (account === undefined) throw new Error("the simulator has the account shop");
  const { sellerId, clientId, clientSecret, refreshToken } = account;
  const { url: baseUrl, tokenUrl } = simulator;
  const clock = { now: () => Date.now() };
  return valueOf(
    amazon.connect({
      connection: "amazon-us",
      settings: { baseUrl, tokenUrl, sellerId, marketplaceId: MARKETPLACE, ...settings },
      credentials: { clientId, clientSecret },
      tokens: new MemoryTokenVault(refreshToken, clock),
      clock,
    }),
  );
}

interface Sale {
  readonly listing?: string;
  readonly quantity?: number;
  readonly items?: readonly { readonly listing: string; readonly quantity: number }[];
  readonly pay?: boolean;
  readonly nonAmazon?: boolean;
}

async function sell(sale: Sale = {}): Promise<string> {
  const body = { account: "shop", listing: "KB-M", quantity: 2, closingGapMs: 0, ...sale };
  return String((await simulator.control("POST", "/_sim/orders", body))["orderId"]);
}

const act = (orderId: string, name: string, body: object = {}) =>
  simulator.control("POST", `/_sim/orders/${orderId}/${name}`, body);

const order = async (orderId: string): Promise<OrderReading> => valueOf(await connector.fetchOrder(orderId));

async function readOne(externalId: string): Promise<ListingReading> {
  const [reading] = await connector.readListings([externalId]);
  if (reading === undefined) throw new Error("there is one reading per id asked for");
  return valueOf(reading);
}

type Understood = Extract<NoticeReading, { kind: "notice" }>;

/** The notices about an order so far. */
function noticesOf(orderId: string, bodies: readonly unknown[] = sink.kept): Understood[] {
  return bodies
    .map((body) => amazon.readNotification(body))
    .filter((reading) => reading.kind === "notice")
    .filter(({ notice: { about } }) => about.kind === "order" && about.orderId === orderId);
}

/** What the ledger holds of each line once these states arrived. */
function heldAfter(reports: readonly Pick<OrderReport, "status" | "updatedAt" | "lines">[]) {
  const known = new Map<string, SourceFacts>();
  for (const report of reports)
    for (const line of report.lines) {
      const facts = lineFacts({ channel: "", orderId: "", ...report }, line);
      const key = report.updatedAt === undefined ? null : { updatedAt: report.updatedAt, rank: facts.rank };
      const state = { facts, key, correction: false, isHistory: false };
      known.set(line.lineId, joinState(known.get(line.lineId), state));
    }
  return Object.fromEntries([...known].map(([lineId, facts]) => [lineId, heldFacts(facts)]));
}

/** What was said and read, in every other order: all end with what was read last. */
async function expectAgreement(orderId: string, readings: readonly OrderReading[]): Promise<void> {
  const said = noticesOf(orderId).flatMap(({ says }) => (says === undefined ? [] : [says.report]));
  expect(said.length).toBeGreaterThan(0);
  const read = [...readings, await order(orderId)].map(({ report }) => report);
  const end = heldAfter(read.slice(-1));
  for (const reports of [
    [...said, ...read],
    [...read, ...said],
    [...said.toReversed(), ...read.toReversed()],
  ])
    expect(heldAfter(reports)).toEqual(end);
}

describe("a SKU", () => {
  it.each(ODD)("of %j is read, written and sold by its own name", async (sku) => {
    expect(await readOne(sku)).toMatchObject({
      externalId: sku,
      quantity: 40,
      isBuyable: true,
      notWritable: null,
    });
    expect(await connector.pushQuantity({ externalId: sku, quantity: 7 })).toMatchObject({ ok: true });
    expect(await readOne(sku)).toMatchObject({ quantity: 7 });
    const orderId = await sell({ listing: sku });
    expect((await order(orderId)).report.lines).toMatchObject([{ listing: sku, quantity: 2 }]);
    await sink.until((bodies) => noticesOf(orderId, bodies).length > 0);
    expect(noticesOf(orderId)[0]?.says?.report.lines).toMatchObject([{ listing: sku, quantity: 2 }]);
    expect(await readOne(sku)).toMatchObject({ quantity: 5 });
  });

  it("is read beside all the others in one go", async () => {
    const asked = ["KB-L", ...ODD, "no such SKU", "KB-L"];
    const read = await connector.readListings(asked);
    expect(read.map((one) => (one.ok ? one.value.externalId : one.error.kind))).toEqual(
      asked.map((sku) => (sku === "no such SKU" ? "not_found" : sku)),
    );
  });

  it("that does not exist is not written", async () => {
    const pushed = await connector.pushQuantity({ externalId: "no such SKU", quantity: 1 });
    expect(pushed).toMatchObject({ ok: false, error: { kind: "not_found" } });
  });
});

describe("an order", () => {
  const twoItems = { items: [{ listing: "KB-L", quantity: 3 }] };

  it("is held from its first notification, and every one agrees with what is read", async () => {
    const orderId = await sell({ ...twoItems, pay: false });
    const pending = await order(orderId);
    expect(pending.report).toMatchObject({ status: "pending", lines: [{ quantity: 2 }, { quantity: 3 }] });
    await sink.until((bodies) => noticesOf(orderId, bodies).length > 0);
    expect(noticesOf(orderId)[0]?.says).toMatchObject({ report: { status: "pending" }, isEnough: true });
    await act(orderId, "pay", { closingGapMs: 0 });
    const paid = await order(orderId);
    const [first] = paid.report.lines;
    await act(orderId, "ship", { items: [{ orderItemId: first?.lineId, quantity: 1 }] });
    const partly = await order(orderId);
    expect(partly.report).toMatchObject({ status: "paid", lines: [{ shipped: 1 }, { shipped: 0 }] });
    await act(orderId, "ship");
    const whole = await order(orderId);
    expect(whole.report).toMatchObject({ status: "shipped", lines: [{ shipped: 2 }, { shipped: 3 }] });
    await sink.until((bodies) =>
      noticesOf(orderId, bodies).some(({ says }) => says?.report.status === "shipped" && says.isEnough),
    );
    await expectAgreement(orderId, [pending, paid, partly]);
  });

  it("of which one item is cancelled gives back that one alone, and only by its own reading", async () => {
    const orderId = await sell(twoItems);
    const before = await order(orderId);
    const [, second] = before.report.lines;
    await act(orderId, "cancel", { requestedBy: "seller", reason: "NO_INVENTORY", items: [second?.lineId] });
    expect((await order(orderId)).report).toMatchObject({
      status: "paid",
      lines: [
        { quantity: 2, cancelled: 0 },
        { quantity: 3, cancelled: 3 },
      ],
    });
    await sink.until((bodies) => noticesOf(orderId, bodies).some(({ says }) => says?.isEnough === false));
    await expectAgreement(orderId, [before]);
  });

  it("whose buyer asks to cancel is stopped and kept, and released when it is cancelled", async () => {
    const orderId = await sell();
    const before = await order(orderId);
    await act(orderId, "request-cancel");
    const asked = await order(orderId);
    expect(asked.report).toMatchObject({
      status: "paid",
      cancelRequested: true,
      doNotShip: true,
      lines: [{ quantity: 2, cancelled: 0 }],
    });
    await sink.until((bodies) =>
      noticesOf(orderId, bodies).some(({ says }) => says?.report.cancelRequested === true && !says.isEnough),
    );
    await act(orderId, "cancel");
    await sink.until((bodies) => noticesOf(orderId, bodies).some(({ says }) => says === undefined));
    expect((await order(orderId)).report).toMatchObject({ status: "cancelled", lines: [{ cancelled: 2 }] });
    await expectAgreement(orderId, [before, asked]);
  });

  it("may lack everything optional in its notifications", async () => {
    const lean = { level: "order", omitOptionalFields: true, nullPurchaseDate: true };
    await simulator.control("PUT", "/_sim/settings", { notifications: lean });
    const orderId = await sell();
    await sink.until((bodies) =>
      noticesOf(orderId, bodies).some(({ says }) => says?.report.status === "paid"),
    );
    await act(orderId, "ship");
    await sink.until((bodies) => noticesOf(orderId, bodies).some(({ says }) => says === undefined));
    await simulator.control("PUT", "/_sim/settings", {
      notifications: { level: "both", omitOptionalFields: false, nullPurchaseDate: false },
    });
    await expectAgreement(orderId, []);
  });

  it("is found by the search two minutes later, whole, as it is read", async () => {
    const sold = [await sell({ quantity: 1 }), await sell({ quantity: 1 }), await sell({ quantity: 1 })];
    const from = Date.now() - 3_600_000;
    await simulator.control("POST", "/_sim/clock", { advanceMs: 121_000 });
    const page = valueOf(await connector.listChangedOrders({ from }));
    for (const orderId of sold) {
      const row = page.orders.find((one) => one.orderId === orderId);
      expect(row?.reading).toEqual(await order(orderId));
      expect(row?.fingerprint).toBe(row?.reading?.fingerprint);
    }
    expect(page.listedThrough).toBeGreaterThan(from);
  });
});

describe("Amazon's own stock", () => {
  it("is read, not written, and its sales move nothing of ours", async () => {
    // Its quantity is not told here: it is Amazon's to count.
    expect(await connector.readListings(["FBA-1"])).toMatchObject([
      { ok: false, error: { kind: "rejected", message: expect.stringContaining("FBA") } },
    ]);
    expect(await connector.pushQuantity({ externalId: "FBA-1", quantity: 1 })).toMatchObject({
      ok: false,
      error: { kind: "rejected", code: "not_writable" },
    });
    const described = (await simulator.control("GET", "/_sim/accounts")) as unknown as {
      accounts: { listings: { listing: string; fulfilledBy: string; availableQuantity: number }[] }[];
    };
    expect(described.accounts.flatMap(({ listings }) => listings)).toContainEqual(
      expect.objectContaining({ listing: "FBA-1", fulfilledBy: "AMAZON", availableQuantity: 9 }),
    );
    const orderIds = [
      await sell({ listing: "FBA-1", quantity: 1 }),
      await sell({ listing: "FBA-1", quantity: 1, nonAmazon: true }),
    ];
    for (const orderId of orderIds)
      expect((await order(orderId)).report.lines).toMatchObject([{ fulfilledBy: "channel" }]);
  });
});

describe("an account", () => {
  it("is known by seller and marketplace, and a marketplace it does not sell in is named", async () => {
    expect(valueOf(await connector.readAccountId())).toMatch(/^A[A-Z0-9]+:ATVPDKIKX0DER$/);
    const elsewhere = await open({ marketplaceId: "A1PA6795UKMFR9" });
    expect(await elsewhere.readAccountId()).toMatchObject({
      ok: false,
      error: { kind: "auth", code: "wrong_settings" },
    });
  });
});
