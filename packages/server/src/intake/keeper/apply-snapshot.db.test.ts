import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { testDatabase } from "../../testing/test-database.ts";
import { HOUR_MS, MINUTE_MS, ToldKeeper } from "./testing/told-keeper.ts";

const database = await testDatabase();

let keeper: ToldKeeper;

beforeEach(async () => {
  keeper = await ToldKeeper.open(database);
});

afterEach(() => keeper.close());

describe("levels", () => {
  test("the first levels of a live keeper are its opening stock; later ones of the same are verified", async () => {
    expect(await keeper.told(keeper.levels({ A: [42, 2], B: 10 }))).toEqual(["booked"]);
    expect([await keeper.stock("A"), await keeper.stock("B")]).toEqual([
      { sellable: 40, damaged: 2 },
      { sellable: 10 },
    ]);
    keeper.clock.advance(MINUTE_MS);
    expect(await keeper.told(keeper.levels({ A: [42, 2], B: 10 }))).toEqual(["booked"]);
    expect(await keeper.level("A")).toMatchObject({
      state: "verified",
      drift: 0,
      verified_as_of: new Date(keeper.clock.now()),
    });
  });

  test("[I2] a difference is booked when two snapshots agree, as of the second; one alone changes nothing", async () => {
    await keeper.told(keeper.levels({ A: 40 }));
    keeper.clock.advance(MINUTE_MS);
    await keeper.told(keeper.levels({ A: 38 }));
    expect(await keeper.stock("A")).toEqual({ sellable: 40 });
    expect(await keeper.level("A")).toMatchObject({ state: "suspect", drift: -2, strikes: 1 });
    keeper.clock.advance(MINUTE_MS);
    await keeper.told(keeper.levels({ A: 38 }));
    expect(await keeper.stock("A")).toEqual({ sellable: 38 });
    expect(await keeper.level("A")).toMatchObject({ state: "booked", booked_units: -2 });
    expect(await keeper.variance("A")).toBe(38);
  });

  test("levels that leave out what is held do not take back what movements told of it", async () => {
    keeper.capability = { onHandIncludesHeld: false, levelsSayHeld: false };
    await keeper.told(keeper.levels({ A: 40 }));
    keeper.clock.advance(MINUTE_MS);
    await keeper.told(keeper.adjusted({ sellable: -2, held: 2, reason: "damaged" }));
    for (let times = 0; times < 3; times++) {
      keeper.clock.advance(10 * MINUTE_MS);
      await keeper.told(keeper.levels({ A: 38 }));
      expect(await keeper.level("A")).toMatchObject({ state: "verified", drift: 0, drift_held: 0 });
    }
    expect(await keeper.stock("A")).toEqual({ sellable: 38, damaged: 2 });
  });

  test("snapshot rule 3: what is told late, of before a time that both agreed on, moves nothing", async () => {
    await keeper.told(keeper.levels({ A: 40 }));
    const before = keeper.clock.now() + MINUTE_MS;
    keeper.clock.advance(10 * MINUTE_MS);
    await keeper.told(keeper.levels({ A: 39 }));
    keeper.clock.advance(MINUTE_MS);
    await keeper.told(keeper.levels({ A: 39 }));
    expect(await keeper.stock("A")).toEqual({ sellable: 39 });
    await keeper.told(keeper.adjusted({ sellable: -1, reason: "lost", occurredAt: before }));
    expect(await keeper.stock("A")).toEqual({ sellable: 39 });
    keeper.clock.advance(MINUTE_MS);
    await keeper.told(keeper.levels({ A: 39 }));
    expect(await keeper.level("A")).toMatchObject({ state: "verified" });
    await keeper.told(
      keeper.adjusted({ sellable: 2, reason: "found", occurredAt: before }),
      keeper.adjusted({ sellable: -2, reason: "lost", occurredAt: before }),
    );
    expect(await keeper.stock("A")).toEqual({ sellable: 39 });
  });

  test("snapshot rule 4: what moved while it was read is asked for again", async () => {
    await keeper.told(keeper.levels({ A: 40 }));
    keeper.clock.advance(10 * MINUTE_MS);
    await keeper.told(
      keeper.adjusted({ sellable: -3, reason: "lost", occurredAt: keeper.clock.now() - MINUTE_MS }),
    );
    const torn = { asOf: { from: keeper.clock.now() - 2 * MINUTE_MS, to: keeper.clock.now() } };
    await keeper.told(keeper.levels({ A: 40 }, torn));
    expect(await keeper.stock("A")).toEqual({ sellable: 37 });
    expect(await keeper.looks()).toEqual([]);
    keeper.clock.advance(1);
    await keeper.told(keeper.levels({ A: 41 }, torn));
    expect(await keeper.looks()).toEqual(["A"]);
    expect(await keeper.level("A")).toMatchObject({ state: "booked", drift: 40 });
  });

  test("of a SKU in several items only all of them together are a level", async () => {
    await keeper.told(keeper.levels({ A: 10, "KIT-2": 5, B: 1 }));
    expect([await keeper.stock("A"), await keeper.stock("B")]).toEqual([{ sellable: 20 }, { sellable: 6 }]);
    for (let nthTime = 0; nthTime < 2; nthTime++) {
      keeper.clock.advance(MINUTE_MS);
      await keeper.told(keeper.levels({ A: 10 }, { scope: "items" }));
    }
    expect(await keeper.stock("A")).toEqual({ sellable: 20 });
    expect(await keeper.level("A")).toMatchObject({ state: "booked", drift: 20 });
  });

  test("a large find waits for a person, with an alert", async () => {
    await keeper.told(keeper.levels({ A: 40 }));
    for (let nthTime = 0; nthTime < 3; nthTime++) {
      keeper.clock.advance(MINUTE_MS);
      await keeper.told(keeper.levels({ A: 60 }));
    }
    expect(await keeper.stock("A")).toEqual({ sellable: 40 });
    expect(await keeper.level("A")).toMatchObject({ state: "open", drift: 20 });
    expect(await keeper.alerts()).toEqual(["keeper_drift"]);
    keeper.clock.advance(MINUTE_MS);
    await keeper.told(keeper.levels({ A: 40 }));
    expect(await keeper.alerts()).toEqual([]);
  });

  test("a keeper that is not live books nothing; its opening counts come with the first levels after that", async () => {
    await keeper.close();
    keeper = await ToldKeeper.open(database, "shadow");
    await keeper.told(keeper.levels({ A: 40 }));
    keeper.clock.advance(MINUTE_MS);
    expect(
      await keeper.told(keeper.adjusted({ sellable: -1, reason: "lost" }), keeper.levels({ A: 39 })),
    ).toEqual(["waits", "booked"]);
    expect(await keeper.stock("A")).toEqual({});
    expect(await keeper.level("A")).toMatchObject({ drift: 39 });
    await keeper.ledger.tell({ kind: "put_connection", code: "wh", mode: "live" });
    keeper.clock.advance(HOUR_MS);
    await keeper.told(keeper.levels({ A: 39 }));
    await keeper.work();
    expect(await keeper.stock("A")).toEqual({ sellable: 39 });
  });

  test("an emptied snapshot is held, and one of many lines is one statement's work", async () => {
    const many = Object.fromEntries(Array.from({ length: 1_500 }, (_, place) => [`S${place}`, 5] as const));
    await keeper.ledger.tell(
      ...Object.keys(many).map((sku) => ({ kind: "put_sku" as const, sku, attributes: {} })),
    );
    expect(await keeper.told(keeper.levels(many))).toEqual(["booked", "booked"]);
    expect(await keeper.stock("S1499")).toEqual({ sellable: 5 });
    keeper.clock.advance(MINUTE_MS);
    const none = Object.fromEntries(Object.keys(many).map((sku) => [sku, 0] as const));
    expect(await keeper.told(keeper.levels(none))).toEqual(["waits", "waits"]);
    expect(await keeper.alerts()).toEqual(["keeper_snapshot_suspicious"]);
    keeper.clock.advance(1_000);
    expect(await keeper.told(keeper.levels(many))).toEqual(["booked", "booked"]);
    expect(await keeper.alerts()).toEqual([]);
    keeper.clock.advance(MINUTE_MS);
    expect(await keeper.work()).toEqual(["nothing", "nothing"]);
    expect(await keeper.alerts()).toEqual([]);
    expect(await keeper.stock("S0")).toEqual({ sellable: 5 });
  });

  test("items that nobody knows are said, and the others are judged all the same; absent ones are gone only where it is said", async () => {
    await keeper.told(keeper.levels({ A: 40, B: 5, X: 9 }));
    expect(await keeper.alerts()).toEqual(["keeper_code_unknown"]);
    expect(await keeper.stock("A")).toEqual({ sellable: 40 });
    keeper.clock.advance(MINUTE_MS);
    await keeper.told(keeper.levels({ A: 40 }));
    expect(await keeper.level("B")).toMatchObject({ state: "booked", strikes: 1 });
    for (let nthTime = 0; nthTime < 2; nthTime++) {
      keeper.clock.advance(MINUTE_MS);
      await keeper.told(keeper.levels({ A: 40 }, { absentMeansZero: true }));
    }
    expect(await keeper.stock("B")).toEqual({});
    expect(await keeper.alerts()).toEqual([]);
  });
});
