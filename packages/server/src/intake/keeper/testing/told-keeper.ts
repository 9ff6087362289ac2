// A keeper of one item per SKU for tests: it tells facts, which are worked out and told to a real ledger.
import type { KeeperCapability } from "@onepool/connectors/contract/keeper/keeper-capability.ts";
import type {
  AdjustmentFact,
  KeeperFact,
  LevelLine,
  ShipmentFact,
  SnapshotFact,
} from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { OrderReport } from "@onepool/core/ledger/order-record.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

import { sealed } from "../../../auth/secret-box.ts";
import { KeeperRegistry } from "../../../connections/keeper-registry.ts";
import { openTestLedger, StandingClock, type TestLedger } from "../../../ledger/testing/test-ledger.ts";
import type { TestDatabase } from "../../../testing/test-database.ts";
import { type Applied, applyFact, type ApplyParts } from "../apply-fact.ts";
import { type ClaimedFact, claimDueFacts, storeFacts } from "../keeper-fact-store.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

const START = Date.parse("2026-11-23T10:00:00Z");

/** Counts held units as on hand, tells what lay there before, and its clock may be a second off. */
const CAPABILITY: KeeperCapability = {
  kind: "plain-keeper",
  title: "A keeper",
  status: "experimental",
  levels: "poll",
  levelsAsOf: "exact",
  levelsPerRead: 10,
  onHandIncludesHeld: true,
  saysAllocated: true,
  movements: "webhook",
  movementsSayBefore: true,
  onHandDropsAt: "pick",
  documents: { shipments: true, receipts: true, returns: true },
  orders: "fetched",
  inbounds: "none",
  levelsIntervalMs: MINUTE_MS,
  movementsIntervalMs: null,
  documentsIntervalMs: null,
  documentsOverlapMs: 0,
  clockSkewMs: 1_000,
  limits: { reads: { perMinute: 60, burst: 10 }, writes: { perMinute: 60, burst: 10 } },
};

const KIND: KeeperKind = {
  capability: CAPABILITY,
  connect: () => ({ ok: false, error: { kind: "auth", message: "nothing is called here" } }),
};

const FACILITY = "F1";

/** What the keeper calls two of A with one of B. */
const KIT = [
  { sku: "A", units: 2 },
  { sku: "B", units: 1 },
];

type Lines = Readonly<Record<string, number>>;

export class ToldKeeper {
  readonly clock: StandingClock;
  readonly ledger: TestLedger;
  /** What this one can do otherwise. */
  capability: Partial<KeeperCapability> = {};
  private readonly database: TestDatabase;
  private nth = 0;

  private constructor(database: TestDatabase, ledger: TestLedger, clock: StandingClock) {
    this.database = database;
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Keeper `wh` at location `3pl`, with SKUs A, B and C, and a channel `web` that ships from there. */
  static async open(
    database: TestDatabase,
    mode: "live" | "shadow" = "live",
    more: JsonObject = {},
  ): Promise<ToldKeeper> {
    const clock = new StandingClock(START);
    const ledger = await openTestLedger(database, { clock });
    const settings = { locations: { [FACILITY]: "3pl" }, items: { "KIT-2": KIT }, ...more };
    const since = START - 24 * HOUR_MS;
    await ledger.tell(
      { kind: "put_location", code: "3pl", locationKind: "3pl" },
      ...["A", "B", "C"].map((sku) => ({ kind: "put_sku" as const, sku, attributes: {} })),
      { kind: "put_connection", code: "wh", connectionKind: CAPABILITY.kind, mode, settings, since },
      {
        kind: "put_connection",
        code: "web",
        connectionKind: "api",
        mode: "live",
        settings: { shipsFrom: "3pl" },
      },
    );
    return new ToldKeeper(database, ledger, clock);
  }

  close(): Promise<void> {
    return this.ledger.ledger.close();
  }

  /** With a ledger that hears nothing, where it is said: as if the process died before it told. */
  parts(ledger: ApplyParts["ledger"] = this.ledger.ledger): ApplyParts {
    const { pool } = this.database;
    return { pool, registry: this.registry(), ledger, clock: this.clock };
  }

  registry(): KeeperRegistry {
    const { pool } = this.database;
    const secretBox = sealed("a key for tests");
    const kind = { ...KIND, capability: { ...CAPABILITY, ...this.capability } };
    return new KeeperRegistry({ pool, secretBox, clock: this.clock, kinds: [kind] });
  }

  async store(...facts: readonly KeeperFact[]): Promise<void> {
    const { sellerId } = this.ledger;
    const origin = {
      sellerId,
      code: "wh",
      way: "delivery",
      deliveryId: null,
      receivedAt: this.clock.now(),
    } as const;
    await storeFacts(this.database.pool, origin, facts);
  }

  async claim(): Promise<readonly ClaimedFact[]> {
    const ask = { now: this.clock.now(), leaseMs: 30_000, limit: 1_000 };
    const claimed = await claimDueFacts(this.database.pool, ask);
    return claimed.filter(({ sellerId }) => sellerId === this.ledger.sellerId);
  }

  /** Works on all that is due. */
  async work(): Promise<readonly Applied[]> {
    const applied: Applied[] = [];
    const parts = this.parts();
    for (const claimed of await this.claim()) applied.push(await applyFact(parts, claimed));
    return applied;
  }

  /** Stores the facts and works on all that is due. */
  async told(...facts: readonly KeeperFact[]): Promise<readonly Applied[]> {
    await this.store(...facts);
    return this.work();
  }

  id(): string {
    this.nth += 1;
    return `f-${this.nth}`;
  }

  levels(
    lines: Readonly<Record<string, number | readonly [onHand: number, held: number]>>,
    rest: Partial<SnapshotFact> = {},
  ): SnapshotFact {
    const now = this.clock.now();
    return {
      kind: "snapshot",
      factId: this.id(),
      asOf: { from: now, to: now },
      scope: "full",
      lines: Object.entries(lines).map(([item, said]): LevelLine => {
        const [onHand, held] = typeof said === "number" ? [said, 0] : said;
        return { item, facility: FACILITY, onHand, held };
      }),
      ...rest,
    };
  }

  adjusted(rest: Partial<AdjustmentFact>): AdjustmentFact {
    return {
      kind: "adjustment",
      factId: this.id(),
      occurredAt: this.clock.now(),
      item: "A",
      facility: FACILITY,
      sellable: 0,
      held: 0,
      reason: "other",
      ...rest,
    };
  }

  shipped(orderId: string, lines: Lines, rest: Partial<ShipmentFact> = {}): ShipmentFact {
    return {
      kind: "shipment",
      factId: this.id(),
      occurredAt: this.clock.now(),
      updatedAt: this.clock.now(),
      keeperOrderId: `k-${orderId}`,
      reference: orderId,
      status: "shipped",
      lines: Object.entries(lines).map(([item, shipped]) => ({ item, facility: FACILITY, shipped })),
      ...rest,
    };
  }

  /** An order of the channel, as it stands. */
  async sold(orderId: string, lines: Lines, rest: Partial<OrderReport> = {}): Promise<void> {
    const order: OrderReport = {
      channel: "web",
      orderId,
      status: "paid",
      updatedAt: this.clock.now(),
      lines: Object.entries(lines).map(([sku, quantity], place) => ({
        lineId: `${place + 1}`,
        sku,
        quantity,
      })),
      ...rest,
    };
    const [result] = await this.ledger.tell({ kind: "order", source: "channel", order });
    if (result?.ok !== true) throw new Error(`the order was refused: ${JSON.stringify(result)}`);
  }

  /** Balances of a SKU that are not 0, by bucket. */
  async stock(sku: string): Promise<Readonly<Record<string, number>>> {
    const rows = await this.rows<{ bucket: string; units: number }>(
      `select a.bucket, sum(m.units)::int8 as units from account a join movement m using (seller_id, account_id)
       where a.seller_id = $1 and a.sku = $2 group by a.bucket having sum(m.units) <> 0 order by a.bucket`,
      sku,
    );
    return Object.fromEntries(rows.map(({ bucket, units }) => [bucket, units]));
  }

  /** Units that counts and adjustments found (above 0) or missed. */
  async variance(sku: string): Promise<number> {
    const [row] = await this.rows<{ units: number }>(
      `select coalesce(sum(m.units), 0)::int8 as units from account a join movement m using (seller_id, account_id)
       where a.seller_id = $1 and a.sku = $2 and m.counterpart = 'variance'`,
      sku,
    );
    return row?.units ?? 0;
  }

  async level(sku: string): Promise<Readonly<Record<string, unknown>>> {
    const rows = await this.rows<Record<string, unknown>>(
      "select * from keeper_level where seller_id = $1 and sku = $2",
      sku,
    );
    return rows[0] ?? {};
  }

  /** Kinds of open alerts. */
  async alerts(): Promise<readonly string[]> {
    const rows = await this.rows<{ kind: string }>(
      "select kind from alert where seller_id = $1 and resolved_at is null order by kind",
    );
    return rows.map(({ kind }) => kind);
  }

  /** Items that are to be read again. */
  async looks(): Promise<readonly string[]> {
    const rows = await this.rows<{ id: string }>(
      "select id from keeper_look where seller_id = $1 order by id",
    );
    return rows.map(({ id }) => id);
  }

  /** When something happened, a while ago. */
  ago(ms: number): Instant {
    return this.clock.now() - ms;
  }

  async rows<Row extends object>(text: string, ...values: readonly unknown[]): Promise<readonly Row[]> {
    const { rows } = await this.database.pool.query<Row>(text, [this.ledger.sellerId, ...values]);
    return rows;
  }
}
