// Onepool beside a market that has to be told where to send: whole processes, or keepers alone whose clock is moved.
import { amazon } from "@onepool/connectors/amazon/connector.ts";
import { sealed } from "@onepool/server/auth/secret-box.ts";
import { ConnectionRegistry } from "@onepool/server/connections/connection-registry.ts";
import { startChannels } from "@onepool/server/connections/start-channels.ts";
import { SubscriptionKeeper } from "@onepool/server/intake/subscription-keeper.ts";
import { createSeller } from "@onepool/server/ledger/create-seller.ts";
import { type Ledger, openLedger } from "@onepool/server/ledger/ledger.ts";
import { createLog } from "@onepool/server/log/log.ts";
import { ObservationLog } from "@onepool/server/observe/observation-log.ts";
import type { TestDatabase } from "@onepool/server/testing/test-database.ts";

import type { SubscribedMarket } from "./subscribed-market.ts";
import { submit } from "./thread-bench.ts";

const secretBox = sealed("s".repeat(32));

export class SubscriptionBench {
  readonly sellerId: number;
  /** What the processes logged. */
  readonly lines: string[] = [];
  private readonly database: TestDatabase;
  private readonly market: SubscribedMarket;
  private readonly ledger: Ledger;
  private readonly closers: (() => Promise<void>)[] = [];
  private passedMs = 0;
  private readonly clock = { now: () => Date.now() + this.passedMs };
  private readonly log = createLog({
    level: "debug",
    destination: { write: (line) => this.lines.push(line) },
  });

  private constructor(database: TestDatabase, market: SubscribedMarket, sellerId: number) {
    this.database = database;
    this.market = market;
    this.sellerId = sellerId;
    const pool = database.openPool({ max: 2, pipeline: true });
    this.ledger = openLedger({ pool, clock: this.clock, log: this.log });
  }

  /** A seller of 40 units; nothing is connected. */
  static async open(database: TestDatabase, market: SubscribedMarket, code: string) {
    const { sellerId } = await createSeller(database.pool, { code, name: code, timeZone: "UTC" });
    const bench = new SubscriptionBench(database, market, sellerId);
    await submit(bench.ledger, sellerId, [
      { kind: "put_sku", sku: "KB-M", attributes: {} },
      { kind: "movement", movement: "receipt", sku: "KB-M", location: "main", units: 40, externalId: "r" },
    ]);
    return bench;
  }

  /** Makes or changes the connection; null names no queue. */
  async connect(queue: string | null): Promise<void> {
    const components = [{ sku: "KB-M", units: 1 }];
    await submit(this.ledger, this.sellerId, [
      {
        kind: "put_connection",
        code: "amazon-us",
        connectionKind: "amazon",
        mode: "import",
        settings: this.market.settings(queue),
        credentials: secretBox.seal(JSON.stringify(this.market.credentials)).toString("base64"),
      },
      { kind: "put_listing", connection: "amazon-us", externalId: "KB-M", components },
    ]);
  }

  /** A keeper as every process has one. */
  startKeeper(): SubscriptionKeeper {
    const { clock, log } = this;
    const pool = this.database.openPool({ max: 4 });
    const registry = new ConnectionRegistry({ pool, secretBox, clock, kinds: [amazon] });
    const observations = new ObservationLog({ pool, clock, log });
    const keeper = new SubscriptionKeeper({ pool, registry, observations, clock, log });
    this.closers.push(async () => {
      await keeper.close();
      await observations.close();
    });
    return keeper;
  }

  /** Everything that a server does with channels. */
  startProcess(): void {
    const { database, ledger, clock, log } = this;
    const channels = startChannels({ database, ledger, secretBox, kinds: [amazon], clock, log });
    this.closers.push(() => channels.close());
  }

  /** Ends keepers and processes after what they are at. */
  async stop(): Promise<void> {
    await Promise.all(this.closers.splice(0).map((close) => close()));
  }

  /** Moves Onepool's time forward, in milliseconds. */
  pass(ms: number): void {
    this.passedMs += ms;
  }

  /** The next bench finds no connection whose market is gone. */
  async close(): Promise<void> {
    await this.stop();
    await this.ledger.close();
    await this.database.pool.query("delete from channel_account; delete from connection");
  }
}
