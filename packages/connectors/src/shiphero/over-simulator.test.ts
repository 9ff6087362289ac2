// The connector against the simulated ShipHero over real HTTP: they share no code. What it tells has to add up to what it shows.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { DeliveryReading, FulfilmentOrder, Keeper } from "../contract/keeper/keeper.ts";
import { anOrder } from "../contract/testing/an-order.ts";
import { type DeliverySink, openDeliverySink } from "../contract/testing/delivery-sink.ts";
import { factFaults } from "../contract/testing/fact-faults.ts";
import { MemoryTokenVault } from "../contract/testing/memory-token-vault.ts";
import { onHandChanges, readAllFacts, readAllLevels } from "../contract/testing/read-keeper.ts";
import { type SimulatorProcess, startSimulator } from "../contract/testing/simulator-process.ts";
import { valueOf } from "../contract/testing/value-of.ts";
import { shiphero } from "./connector.ts";
import { WEBHOOK_TYPES } from "./subscription-desk.ts";

const PRIMARY = "76733";
const SECONDARY = "12345";
/** The simulator's clock is moved ahead of this machine's: the connector reads its time from it. */
let offsetMs = 0;
const clock = { now: () => Date.now() + offsetMs };
/** After the opening stock was laid, which the log tells too. */
let since = 0;
/** The bins that the simulator does not sell from, in each of its buildings. */
const nonSellableBins = ["QUARANTINE-01", "DAMAGED-01", "RETURNS-01"];

let simulator: SimulatorProcess;
let sink: DeliverySink;
let tokens: MemoryTokenVault;
let keeper: Required<Keeper>;
let secrets: readonly string[] = [];
let orders = 0;

beforeAll(async () => {
  simulator = await startSimulator("shiphero", 7);
  sink = await openDeliverySink(clock);
  await simulator.control("PUT", "/_sim/settings", {
    credits: { restorePerSecond: 1_000_000 },
    webhooks: { latencyMs: { min: 0, max: 0 } },
    snapshots: { startDelayMs: { min: 1_000, max: 1_000 }, productsPerStep: 1, stepMs: 1_000 },
    duplicateOrders: "accepted",
  });
  await simulator.control("PUT", "/_sim/account", {
    warehouses: [
      { facility: "north", identifier: "Primary", legacyId: Number(PRIMARY) },
      { facility: "south", identifier: "Secondary", legacyId: Number(SECONDARY) },
    ],
    items: ["KB-M", "KB-L", "KB-S", 'odd "SKU"'].map((sku) => ({ sku, units: { north: 40 } })),
  });
  await pass(10_000);
  since = clock.now() - 5_000;
  const { refreshToken } = await simulator.control("GET", "/_sim/account");
  tokens = new MemoryTokenVault(String(refreshToken), clock);
  keeper = open();
  ({ secrets } = valueOf(await keeper.keepSubscription({ url: sink.url, known: [] })));
});

afterEach(() => simulator.control("PUT", "/_sim/faults", {}));
afterAll(async () => {
  await simulator.stop();
  await sink.close();
});

async function pass(ms: number): Promise<void> {
  offsetMs += ms;
  await simulator.control("POST", "/_sim/clock", { advanceMs: ms });
}

function open(settings: object = {}): Required<Keeper> {
  return valueOf(
    shiphero.connect({
      connection: "3pl",
      settings: {
        baseUrl: simulator.url,
        tokenUrl: simulator.tokenUrl,
        locations: { [PRIMARY]: "main", [SECONDARY]: "south" },
        ...settings,
      },
      credentials: {},
      tokens,
      clock,
    }),
  ) as Required<Keeper>;
}

const act = (name: string, body: object) => simulator.control("POST", `/_sim/warehouse/${name}`, body);
const factsNow = () => readAllFacts(keeper, since);
const read = (settings: object = {}) =>
  sink.kept.map((one) => shiphero.readDelivery?.(one, { settings, secrets }) ?? never());

/** The building's number of an order or a purchase order. */
const numberIn = (id: string) => Buffer.from(id, "base64").toString("utf8").split(":")[1] ?? "";

function orderOf(units: number, item = "KB-M"): FulfilmentOrder {
  orders += 1;
  return anOrder({ reference: `OP-${orders}`, facility: PRIMARY, placedAt: clock.now(), item, units });
}

const told = (isIt: (reading: DeliveryReading) => boolean) => sink.until(() => read().some(isIt));

const looksAtOrder = (orderId: string) => (reading: DeliveryReading) =>
  reading.kind === "facts" && reading.look?.keeperOrderIds?.includes(orderId) === true;

describe("the account", () => {
  it("has its warehouses by number, and every webhook that is made something of", async () => {
    const { facilities } = valueOf(await keeper.readAccount());
    expect(facilities).toEqual(
      expect.arrayContaining([
        { facility: PRIMARY, title: "Primary" },
        { facility: SECONDARY, title: "Secondary" },
      ]),
    );
    expect(secrets).toHaveLength(WEBHOOK_TYPES.length);
    expect(valueOf(await keeper.keepSubscription({ url: sink.url, known: secrets })).secrets).toEqual(
      secrets,
    );
  });
});

describe("an order", () => {
  it("is made once, though ShipHero would make it twice, and read as shipped once it has left", async () => {
    const order = orderOf(3);
    const made = valueOf(await keeper.createOrder(order));
    expect(valueOf(await keeper.createOrder(order))).toEqual(made);
    expect(valueOf(await keeper.readOrder({ reference: order.reference }))).toMatchObject({
      ...made,
      status: "open",
      lines: [{ lineId: "a", item: "KB-M", facility: PRIMARY, ordered: 3, shipped: 0 }],
    });
    const { orders: all } = (await simulator.control("GET", "/_sim/warehouse/documents")) as {
      orders: { id: string }[];
    };
    const id = all.find((one) => one.id.includes(numberIn(made.keeperOrderId)))?.id ?? never();
    await act("pick", { id });
    await act("pack", { id });
    await act("ship", { id });
    await told(looksAtOrder(made.keeperOrderId));
    expect(valueOf(await keeper.readOrder(made))).toMatchObject({
      reference: order.reference,
      status: "shipped",
      lines: [{ shipped: 3 }],
    });
    expect(valueOf(await keeper.cancelOrder({ ...order, ...made }))).toBe("too_late");
  });

  it("is cancelled in time, also twice and by its reference, and told of", async () => {
    const order = orderOf(1);
    const made = valueOf(await keeper.createOrder(order));
    const asked = { reference: order.reference, keeperOrderId: null };
    expect(valueOf(await keeper.cancelOrder(asked))).toBe("cancelled");
    expect(valueOf(await keeper.cancelOrder(asked))).toBe("cancelled");
    expect(valueOf(await keeper.cancelOrder({ ...asked, reference: "never" }))).toBe("unknown");
    await told(looksAtOrder(made.keeperOrderId));
  });

  it.each(["droppedAfterApply", "malformed"])(
    "that was made without a readable answer (%s) is found at once",
    async (kind) => {
      const order = orderOf(1);
      const faults = { api: [{ kind, endpoint: "order_create", times: 1 }] };
      await simulator.control("PUT", "/_sim/faults", faults);
      const made = valueOf(await keeper.createOrder(order));
      expect(valueOf(await keeper.readOrder({ reference: order.reference }))).toMatchObject(made);
      await keeper.cancelOrder({ ...order, ...made });
    },
  );

  it("of an unknown SKU is refused", async () => {
    expect((await keeper.createOrder(orderOf(1, "NO-SUCH-SKU"))).ok).toBe(false);
  });
});

describe("goods", () => {
  it("that are announced once are received, told of as they stand", async () => {
    const inbound = {
      reference: "IN-1",
      facility: PRIMARY,
      expectedAt: clock.now() + 86_400_000,
      lines: [{ item: "KB-L", units: 10 }],
    };
    const made = valueOf(await keeper.announceInbound(inbound));
    expect(valueOf(await keeper.announceInbound(inbound))).toEqual(made);
    const id = numberIn(made.keeperInboundId);
    await act("arrive-inbound", { id });
    await act("receive", { id, lines: [{ item: "KB-L", units: 9, damaged: 1 }] });
    await act("stow", { id, lines: [{ item: "KB-L", units: 6 }] });
    expect((await factsNow()).filter((fact) => fact.kind === "receipt")).toMatchObject([
      { ...made, reference: "IN-1", status: "open", lines: [{ item: "KB-L", expected: 10, stowed: 6 }] },
    ]);
    expect(valueOf(await keeper.cancelInbound({ ...inbound, ...made }))).toBe("too_late");
    const other = { ...inbound, reference: "IN-2" };
    await keeper.announceInbound(other);
    const asked = { reference: "IN-2", keeperInboundId: null };
    expect(valueOf(await keeper.cancelInbound(asked))).toBe("cancelled");
    expect(valueOf(await keeper.cancelInbound(asked))).toBe("cancelled");
    expect(valueOf(await keeper.cancelInbound({ ...asked, reference: "IN-3" }))).toBe("unknown");
  });

  it("that come back are told by webhook and list as one fact", async () => {
    await act("announce-return", { id: "R-1", facility: "north", lines: [{ item: "KB-S", expected: 5 }] });
    await act("arrive-return", { id: "R-1", lines: [{ item: "KB-S", units: 4 }] });
    const split = { item: "KB-S", restock: 2, quarantine: 1, dispose: 1, missing: 1 };
    await act("inspect-return", { id: "R-1", lines: [split] });
    const [listed] = (await factsNow()).filter((fact) => fact.kind === "return");
    expect(listed).toMatchObject({
      status: "closed",
      lines: [{ received: 4, dispositions: { restocked: 2, quarantined: 2, missing: 1 } }],
    });
    await told(
      (reading) => reading.kind === "facts" && reading.facts.some(({ factId }) => factId === listed?.factId),
    );
  });

  it("that break, are held, lost, found, counted and sent elsewhere are adjusted, by webhook and log alike", async () => {
    const on = (units: number) => ({ facility: "north", item: "KB-M", units });
    await act("damage", { ...on(2), noticed: true });
    await act("hold", on(3));
    await act("release", on(1));
    await act("lose", { ...on(2), noticed: true });
    await act("find", { ...on(1), noticed: true });
    await act("lose", on(1));
    await act("count", { facility: "north", item: "KB-M" });
    await act("send-transfer", { ...on(4), id: "T-1", to: "south" });
    await act("receive-transfer", { id: "T-1" });
    const logged = (await factsNow()).filter((fact) => fact.kind === "adjustment");
    expect(logged.length).toBeGreaterThan(8);
    expect(logged.map(({ facility, sellable, held, reason }) => [facility, sellable, held, reason])).toEqual(
      expect.arrayContaining([
        [PRIMARY, -2, 0, "damaged"],
        [PRIMARY, 0, 2, "damaged"],
        [PRIMARY, -1, 0, "cycle_count"],
        [PRIMARY, -4, 0, "transfer"],
        [SECONDARY, 4, 0, "transfer"],
      ]),
    );
    const posted = () =>
      read({ nonSellableBins }).flatMap((reading) =>
        reading.kind === "facts" ? reading.facts.filter((fact) => fact.kind === "adjustment") : [],
      );
    const ids = (facts: readonly { readonly factId: string }[]) =>
      [...new Set(facts.map(({ factId }) => factId))].toSorted();
    await sink.until(() => ids(posted()).length === ids(logged).length);
    expect(ids(posted())).toEqual(ids(logged));
    for (const fact of logged) {
      const twin = posted().find(({ factId }) => factId === fact.factId);
      expect([twin?.sellable, twin?.held, twin?.onHandBefore]).toEqual([
        fact.sellable,
        fact.held,
        fact.onHandBefore,
      ]);
    }
    expect(read().every((reading) => reading.kind === "facts")).toBe(true);
  });
});

describe("all that is told", () => {
  it("adds up to what is shown, item by item and place by place, page by page and by a job", async () => {
    const facts = await factsNow();
    expect(facts.flatMap(factFaults)).toEqual([]);
    const changes = onHandChanges(facts, "shipment");
    const levels = await readAllLevels(keeper);
    expect(changes.size).toBeGreaterThan(3);
    const mine = [...levels].filter(([, { facility }]) => [PRIMARY, SECONDARY].includes(facility));
    expect(mine.length).toBeGreaterThan(4);
    for (const [key, { onHand, facility }] of mine)
      expect([key, onHand]).toEqual([key, (facility === PRIMARY ? 40 : 0) + (changes.get(key) ?? 0)]);

    const some = valueOf(await keeper.readLevels({ items: ['odd "SKU"', "no such", "KB-L"] }));
    if (some.kind !== "levels") throw new Error(some.kind);
    expect(new Set(some.lines)).toEqual(
      new Set([...levels.values()].filter(({ item }) => ['odd "SKU"', "KB-L"].includes(item))),
    );

    const byJob = await readAllLevels(open({ fullLevels: "snapshot" }), pass);
    expect(byJob).toEqual(new Map(mine));
  });

  it("says what an order took twice: once as a change, once as its shipment", async () => {
    const facts = await factsNow();
    const unlinked = facts.flatMap((fact) =>
      fact.kind === "adjustment" && fact.isUnlinkedPick === true ? [fact.sellable] : [],
    );
    const shipped = facts.flatMap((fact) =>
      fact.kind === "shipment" ? fact.lines.map((line) => line.shipped) : [],
    );
    const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
    expect(sum(shipped)).toBe(3);
    expect(sum(unlinked)).toBe(-3);
  });

  it("waits when the credits are used up, and says for how long", async () => {
    await simulator.control("PUT", "/_sim/faults", { api: [{ kind: "throttled", times: 1 }] });
    expect(await keeper.readLevels({})).toMatchObject({
      ok: false,
      error: { kind: "throttled", retryAfterMs: expect.any(Number) },
    });
  });
});

function never(): never {
  throw new Error("there is one");
}
