// Whatever a keeper and a channel tell, in whatever order, late, twice, or never: once it is quiet the ledger has what lies there.
import type { KeeperFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import fc from "fast-check";
import { expect, test } from "vitest";

import { testDatabase } from "../../testing/test-database.ts";
import { HOUR_MS, MINUTE_MS, ToldKeeper } from "./testing/told-keeper.ts";

const database = await testDatabase();

/** What happens in the warehouse, one after the other, a minute apart. */
const happening = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ act: fc.constant("order" as const), units: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant("deliver" as const), units: fc.integer({ min: 1, max: 5 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant("damage" as const), units: fc.integer({ min: 1, max: 2 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant("vary" as const),
      units: fc.constantFrom(-2, -1, 1, 2),
      isTold: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("return" as const), isRestocked: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant("snapshot" as const) }) },
);

/** When what an act has to tell is told, in minutes after it; twice where two times are given. */
const delays = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 2 });

const story = fc.record({
  acts: fc.array(fc.record({ happening, delays, channelDelay: fc.integer({ min: 0, max: 40 }) }), {
    minLength: 5,
    maxLength: 22,
  }),
  /** How the keeper tells of picks. */
  picks: fc.constantFrom("with_order", "without_order", "not_at_all"),
});

type Story = typeof story extends fc.Arbitrary<infer Told> ? Told : never;

interface Message {
  readonly at: number;
  deliver(): Promise<unknown>;
}

/** A warehouse of one SKU, what it tells and what the channel tells, as messages of their times. */
class Warehouse {
  sellable = 50;
  held = 0;
  /** Found above 0, lost below. */
  varied = 0;
  shipped = 0;
  stowed = 0;
  private readonly returned = { restocked: 0, quarantined: 0 };
  readonly messages: Message[] = [];
  private readonly keeper: ToldKeeper;
  private readonly picks: Story["picks"];
  private orders = 0;
  private now: number;

  constructor(keeper: ToldKeeper, picks: Story["picks"]) {
    this.keeper = keeper;
    this.picks = picks;
    this.now = keeper.clock.now();
  }

  act({ happening: what, delays: times, channelDelay }: Story["acts"][number]): void {
    this.now += MINUTE_MS;
    const tell = (...facts: readonly KeeperFact[]): void => {
      for (const delay of times) for (const fact of facts) this.send(delay, () => this.keeper.store(fact));
    };
    switch (what.act) {
      case "order":
        return this.ship(Math.min(what.units, this.sellable), tell, channelDelay);
      case "deliver":
        this.sellable += what.units;
        this.stowed += what.units;
        return tell(this.delivery());
      case "damage": {
        const units = Math.min(what.units, this.sellable);
        this.sellable -= units;
        this.held += units;
        return tell(this.adjusted({ sellable: -units, held: units, reason: "damaged" }));
      }
      case "vary": {
        const units = Math.max(what.units, -this.sellable);
        this.sellable += units;
        this.varied += units;
        if (what.isTold && units !== 0)
          tell(this.adjusted({ sellable: units, reason: units < 0 ? "lost" : "found" }));
        return;
      }
      case "return": {
        if (what.isRestocked) this.sellable += 1;
        else this.held += 1;
        this.returned[what.isRestocked ? "restocked" : "quarantined"] += 1;
        return tell(this.sentBack());
      }
      case "snapshot":
        return tell(this.levels());
      default:
        return what satisfies never;
    }
  }

  levels(): KeeperFact {
    const asOf = { from: this.now, to: this.now };
    return this.keeper.levels({ A: [this.sellable + this.held, this.held] }, { asOf });
  }

  skip(ms: number): void {
    this.now += ms;
  }

  get time(): number {
    return this.now;
  }

  /** The order is known before it is picked; the pick takes the units, the shipment is told after it, the channel hears last. */
  private ship(units: number, tell: (...facts: readonly KeeperFact[]) => void, channelDelay: number): void {
    if (units === 0) return;
    this.orders += 1;
    const orderId = `O-${this.orders}`;
    const placedAt = this.now;
    this.send(0, () => this.keeper.sold(orderId, { A: units }, { updatedAt: placedAt }));
    this.now += MINUTE_MS;
    this.sellable -= units;
    this.shipped += units;
    const at = { occurredAt: this.now };
    const id = { factId: this.keeper.id(), item: "A", facility: "F1" };
    if (this.picks === "with_order")
      tell({ kind: "pick", ...id, ...at, keeperOrderId: `k-${orderId}`, units });
    if (this.picks === "without_order") tell(this.adjusted({ sellable: -units, isUnlinkedPick: true }));
    this.now += MINUTE_MS;
    const shippedAt = this.now;
    tell(
      this.keeper.shipped(
        orderId,
        { A: units },
        { occurredAt: this.picks === "not_at_all" ? at.occurredAt : shippedAt },
      ),
    );
    this.send(channelDelay, () =>
      this.keeper.sold(orderId, { A: units }, { status: "shipped", updatedAt: shippedAt }),
    );
  }

  private adjusted(rest: Parameters<ToldKeeper["adjusted"]>[0]): KeeperFact {
    return this.keeper.adjusted({ occurredAt: this.now, ...rest });
  }

  private delivery(): KeeperFact {
    return {
      kind: "receipt",
      factId: this.keeper.id(),
      occurredAt: this.now,
      updatedAt: null,
      keeperInboundId: "w-1",
      reference: null,
      status: "open",
      lines: [{ item: "A", facility: "F1", expected: 0, stowed: this.stowed, damaged: 0 }],
    };
  }

  private sentBack(): KeeperFact {
    const { restocked, quarantined } = this.returned;
    const received = restocked + quarantined;
    return {
      kind: "return",
      factId: this.keeper.id(),
      occurredAt: this.now,
      updatedAt: null,
      keeperReturnId: "r-1",
      reference: null,
      orderReference: null,
      status: "open",
      lines: [
        {
          item: "A",
          facility: "F1",
          quantity: received,
          received,
          dispositions: { restocked, quarantined, disposed: 0, missing: 0 },
        },
      ],
    };
  }

  private send(delayMinutes: number, deliver: () => Promise<unknown>): void {
    this.messages.push({ at: this.now + delayMinutes * MINUTE_MS, deliver });
  }
}

test("[I1] [I2] quiet, the ledger has what lies at the keeper, shipments left once, and what was booked is what was lost and found", async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ acts, picks }) => {
      const keeper = await ToldKeeper.open(database, "live", { bookDriftUpTo: 1_000 });
      try {
        await expectTruth(keeper, { acts, picks });
      } finally {
        await keeper.close();
      }
    }),
    { numRuns: 12 },
  );
}, 240_000);

async function expectTruth(keeper: ToldKeeper, { acts, picks }: Story): Promise<void> {
  const warehouse = new Warehouse(keeper, picks);
  const opening = warehouse.sellable;
  await keeper.told(warehouse.levels());
  for (const act of acts) warehouse.act(act);
  const { messages } = warehouse;
  for (const message of messages.toSorted((one, other) => one.at - other.at)) {
    keeper.clock.advance(Math.max(0, message.at - keeper.clock.now()));
    await message.deliver();
    await keeper.work();
  }
  // Quiet: what waited has come, and what no word explains is counted twice.
  for (let snapshots = 0; snapshots < 3; snapshots++) {
    keeper.clock.advance(8 * 24 * HOUR_MS);
    warehouse.skip(keeper.clock.now() - warehouse.time);
    await keeper.told(warehouse.levels());
  }
  const { sellable, damaged, committed, quality_control: waiting } = await keeper.stock("A");
  const found = {
    sellable: sellable ?? 0,
    damaged: damaged ?? 0,
    committed: committed ?? 0,
    waiting: waiting ?? 0,
  };
  expect(found).toEqual({ sellable: warehouse.sellable, damaged: warehouse.held, committed: 0, waiting: 0 });
  expect(await keeper.variance("A")).toBe(opening + warehouse.varied);
  expect(await keeper.alerts()).toEqual([]);
}
