// The connector against the simulated ShipBob over real HTTP: they share no code. What it tells has to add up to what it shows.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { DeliveryReading, FulfilmentOrder, Keeper } from "../contract/keeper/keeper.ts";
import { anOrder } from "../contract/testing/an-order.ts";
import { type DeliverySink, openDeliverySink } from "../contract/testing/delivery-sink.ts";
import { factFaults } from "../contract/testing/fact-faults.ts";
import { MemoryTokenVault } from "../contract/testing/memory-token-vault.ts";
import { onHandChanges, readAllFacts, readAllLevels } from "../contract/testing/read-keeper.ts";
import { type SimulatorProcess, startSimulator } from "../contract/testing/simulator-process.ts";
import { valueOf } from "../contract/testing/value-of.ts";
import { shipbob } from "./connector.ts";

const CICERO = "8";
const FACILITY = "Cicero (IL)";
const clock = { now: () => Date.now() };
const since = clock.now() - 60_000;

let simulator: SimulatorProcess;
let sink: DeliverySink;
let keeper: Required<Keeper>;
let secrets: readonly string[] = [];
let orders = 0;

beforeAll(async () => {
  simulator = await startSimulator("shipbob", 7);
  sink = await openDeliverySink(clock);
  await simulator.control("PUT", "/_sim/settings", {
    requestsPerMinute: 100_000,
    webhookLatencyMs: { min: 0, max: 0 },
  });
  const { token } = await simulator.control("GET", "/_sim/account");
  keeper = valueOf(
    shipbob.connect({
      connection: "3pl",
      settings: { baseUrl: simulator.url, locations: { 8: "main", 25: "west" } },
      credentials: { accessToken: token },
      tokens: new MemoryTokenVault("", clock),
      clock,
    }),
  ) as Required<Keeper>;
  ({ secrets } = valueOf(await keeper.keepSubscription({ url: sink.url, known: [] })));
});

afterEach(() => simulator.control("PUT", "/_sim/faults", {}));
afterAll(async () => {
  await simulator.stop();
  await sink.close();
});

const act = (name: string, body: object) => simulator.control("POST", `/_sim/warehouse/${name}`, body);
const factsNow = () => readAllFacts(keeper, since);

function orderOf(units: number, item = "KB-M"): FulfilmentOrder {
  orders += 1;
  return anOrder({ reference: `OP-${orders}`, facility: CICERO, placedAt: clock.now(), item, units });
}

/** What a delivery says, as soon as one says what is looked for. */
async function told(isIt: (reading: DeliveryReading) => boolean): Promise<void> {
  await sink.until((deliveries) =>
    deliveries.some((delivery) =>
      isIt(shipbob.readDelivery?.(delivery, { settings: {}, secrets }) ?? never()),
    ),
  );
}

describe("the account", () => {
  it("is that of the channel that may be written to, with the places that the log is read for", async () => {
    expect(valueOf(await keeper.readAccount())).toEqual({
      accountId: "101",
      facilities: [
        { facility: "8", title: FACILITY },
        { facility: "25", title: "Moreno Valley (CA)" },
      ],
    });
    expect(valueOf(await keeper.keepSubscription({ url: sink.url, known: secrets })).secrets).toEqual(
      secrets,
    );
  });
});

describe("an order", () => {
  it("is made once, picked, told of, and read as shipped", async () => {
    const order = orderOf(3);
    const made = valueOf(await keeper.createOrder(order));
    expect(valueOf(await keeper.createOrder(order))).toEqual(made);
    expect(valueOf(await keeper.readOrder({ reference: order.reference }))).toMatchObject({
      ...made,
      status: "open",
      lines: [{ item: "KB-M", facility: CICERO, ordered: 3, shipped: 0 }],
    });
    await act("pick", { id: made.keeperOrderId });
    expect(await factsNow()).toContainEqual(
      expect.objectContaining({ kind: "pick", ...made, item: "KB-M", facility: CICERO, units: 3 }),
    );
    await act("pack", { id: made.keeperOrderId });
    await act("ship", { id: made.keeperOrderId });
    await told((reading) =>
      reading.kind === "facts" ? reading.look?.keeperOrderIds?.includes(made.keeperOrderId) === true : false,
    );
    expect(valueOf(await keeper.readOrder(made))).toMatchObject({
      reference: order.reference,
      status: "shipped",
      lines: [{ shipped: 3 }],
    });
    expect(valueOf(await keeper.cancelOrder({ ...order, ...made }))).toBe("too_late");
  });

  it("is cancelled in time, also twice and by its reference", async () => {
    const order = orderOf(1);
    await keeper.createOrder(order);
    const asked = { reference: order.reference, keeperOrderId: null };
    expect(valueOf(await keeper.cancelOrder(asked))).toBe("cancelled");
    expect(valueOf(await keeper.cancelOrder(asked))).toBe("cancelled");
    expect(valueOf(await keeper.cancelOrder({ ...asked, reference: "never" }))).toBe("unknown");
  });

  it("that was picked and cancelled goes back to the shelf", async () => {
    const made = valueOf(await keeper.createOrder(orderOf(2)));
    await act("pick", { id: made.keeperOrderId });
    await act("cancel-order", { id: made.keeperOrderId });
    await act("put-back", { id: made.keeperOrderId });
    const picks = (await factsNow()).filter(
      (fact) => fact.kind === "pick" && fact.keeperOrderId === made.keeperOrderId,
    );
    expect(picks).toMatchObject([{ units: 2 }, { units: -2 }]);
  });

  it("without stock is short, and one of an unknown SKU is refused instead of making a product", async () => {
    const made = valueOf(await keeper.createOrder(orderOf(1_000)));
    expect(valueOf(await keeper.readOrder(made))).toMatchObject({ status: "short", lines: [{ shipped: 0 }] });
    await keeper.cancelOrder({ reference: "", ...made });
    expect(await keeper.createOrder(orderOf(1, "NO-SUCH-SKU"))).toMatchObject({
      ok: false,
      error: { kind: "rejected" },
    });
  });

  it.each(["droppedAfterApply", "malformed"])(
    "that was made without a readable answer (%s) is found when it is asked again",
    async (kind) => {
      const order = orderOf(1);
      await simulator.control("PUT", "/_sim/faults", { api: [{ kind, endpoint: "POST /order", times: 1 }] });
      const first = await keeper.createOrder(order);
      expect(first).toMatchObject({ ok: false, error: { kind: "transient", mayHaveApplied: true } });
      const again = valueOf(await keeper.createOrder(order));
      expect(valueOf(await keeper.readOrder({ reference: order.reference }))).toMatchObject(again);
      await keeper.cancelOrder({ ...order, ...again });
    },
  );
});

describe("goods", () => {
  it("that are announced once are stowed, told of as they stand", async () => {
    const inbound = {
      reference: "IN-1",
      facility: CICERO,
      expectedAt: clock.now() + 86_400_000,
      lines: [{ item: "KB-L", units: 10 }],
    };
    const made = valueOf(await keeper.announceInbound(inbound));
    expect(valueOf(await keeper.announceInbound(inbound))).toEqual(made);
    await act("arrive-inbound", { id: made.keeperInboundId });
    await act("receive", { id: made.keeperInboundId, lines: [{ item: "KB-L", units: 9 }] });
    await act("stow", { id: made.keeperInboundId, lines: [{ item: "KB-L", units: 6 }] });
    const receipts = (await factsNow()).filter((fact) => fact.kind === "receipt");
    expect(receipts).toMatchObject([
      { ...made, reference: "IN-1", status: "open", lines: [{ item: "KB-L", expected: 10, stowed: 6 }] },
    ]);
    expect(valueOf(await keeper.cancelInbound({ ...inbound, ...made }))).toBe("too_late");
    const other = { ...inbound, reference: "IN-2" };
    const idle = valueOf(await keeper.announceInbound(other));
    expect(valueOf(await keeper.cancelInbound({ reference: "IN-2", keeperInboundId: null }))).toBe(
      "cancelled",
    );
    expect(valueOf(await keeper.cancelInbound({ ...other, ...idle }))).toBe("cancelled");
  });

  it("that come back are split over what became of them", async () => {
    await act("announce-return", { id: "R-1", facility: FACILITY, lines: [{ item: "KB-S", expected: 5 }] });
    await act("arrive-return", { id: "R-1", lines: [{ item: "KB-S", units: 4 }] });
    const split = { item: "KB-S", restock: 2, quarantine: 1, dispose: 1, missing: 1 };
    await act("inspect-return", { id: "R-1", lines: [split] });
    await told((reading) => reading.kind === "facts" && reading.facts.some(({ kind }) => kind === "return"));
    const returns = (await factsNow()).filter((fact) => fact.kind === "return");
    expect(returns.at(-1)).toMatchObject({
      status: "closed",
      lines: [
        {
          item: "KB-S",
          quantity: 5,
          received: 4,
          dispositions: { restocked: 2, quarantined: 1, disposed: 1, missing: 1 },
        },
      ],
    });
  });

  it("that break, are held, lost, found, counted and sent elsewhere are adjusted", async () => {
    const on = (units: number) => ({ facility: FACILITY, item: "KB-M", units });
    await act("damage", { ...on(2), noticed: true });
    await act("hold", on(3));
    await act("release", on(1));
    await act("lose", { ...on(2), noticed: true });
    await act("find", { ...on(1), noticed: true });
    await act("lose", on(1));
    await act("count", { facility: FACILITY, item: "KB-M" });
    await act("send-transfer", { ...on(4), id: "T-1", to: "Moreno Valley (CA)" });
    await act("receive-transfer", { id: "T-1" });
    const adjustments = (await factsNow()).filter((fact) => fact.kind === "adjustment");
    const brief = adjustments.map(({ facility, sellable, held, reason }) => [
      facility,
      sellable,
      held,
      reason,
    ]);
    expect(brief).toEqual(
      expect.arrayContaining([
        [CICERO, -2, 2, "damaged"],
        [CICERO, -3, 3, "hold"],
        [CICERO, 1, -1, "release_hold"],
        [CICERO, -4, 0, "transfer"],
        ["25", 4, 0, "transfer"],
      ]),
    );
  });
});

describe("all that is told", () => {
  it("adds up to what is shown, item by item and place by place", async () => {
    const facts = await factsNow();
    expect(facts.flatMap(factFaults)).toEqual([]);
    const changes = onHandChanges(facts, "pick");
    const levels = await readAllLevels(keeper);
    expect(changes.size).toBeGreaterThan(3);
    for (const [key, { onHand, facility }] of levels)
      expect([key, onHand]).toEqual([key, (facility === CICERO ? 40 : 0) + (changes.get(key) ?? 0)]);
    const some = valueOf(await keeper.readLevels({ items: ["KB-S", "KB-L", "no such"] }));
    if (some.kind !== "levels") throw new Error(some.kind);
    expect(some.lines).toEqual([...levels.values()].filter(({ item }) => item !== "KB-M"));
  });

  it("was signed, and none of it by a secret that we do not know", () => {
    const reading = (known: readonly string[]) =>
      new Set(sink.kept.map((one) => shipbob.readDelivery?.(one, { settings: {}, secrets: known }).kind));
    expect(reading(secrets)).toEqual(new Set(["facts"]));
    expect(reading(["whsec_AAAA"])).toEqual(new Set(["unverified"]));
  });

  it("waits when ShipBob has had enough", async () => {
    await simulator.control("PUT", "/_sim/settings", { requestsPerMinute: 1 });
    const read = async () => keeper.readLevels({});
    await read();
    expect(await read()).toMatchObject({
      ok: false,
      error: { kind: "throttled", retryAfterMs: expect.any(Number) },
    });
  });
});

function never(): never {
  throw new Error("ShipBob posts");
}
