import type { Keeper, KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import { type Outcome, succeeded } from "@onepool/connectors/contract/outcome.ts";
import type pg from "pg";

import type { SecretBox } from "../../auth/secret-box.ts";
import { inTransaction } from "../../connections/in-transaction.ts";
import type { KeeperRegistry } from "../../connections/keeper-registry.ts";
import { Pulse } from "../../connections/pulse.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Log } from "../../log/log.ts";
import {
  claimCommands,
  type InboundCommand,
  INBOUNDS,
  type OrderCommand,
  ORDERS,
  readShipTo,
} from "./command-store.ts";
import { endDelivery, endOrder } from "./end-telling.ts";
import { followOrders, sellersToFollow } from "./follow-orders.ts";
import { readGivingKeepers } from "./giving-keepers.ts";
import { takeDueOrders } from "./keeper-order-store.ts";
import { planDeliveries } from "./plan-delivery.ts";
import { planOrder } from "./plan-order.ts";
import { Teller, type Telling } from "./teller.ts";

export interface FulfilmentOptions {
  readonly pool: pg.Pool;
  readonly registry: KeeperRegistry;
  readonly ledger: Pick<Ledger, "onCommit">;
  readonly secretBox: SecretBox;
  readonly clock: { now(): number };
  readonly log: Log;
}

/** Ledgers, and what keepers are to be told, are looked for this often although nobody woke us, in milliseconds. */
const LOOK_MS = 1_000;

/** Deliveries are looked through this often: they take days. */
const DELIVERIES_MS = 5_000;

/** Orders planned per transaction, and told at the same time. */
const PLANNED_AT_ONCE = 100;
const TOLD_AT_ONCE = 8;

/**
 * Gives paid orders to the keepers that ship them, takes back what was cancelled, and has keepers expect deliveries.
 * Level-triggered: what moved is compared with what keepers were told; what is to be told stands in a table, so that a crash
 * anywhere loses and doubles nothing: the keeper knows each by our reference. Any number of processes may do so on one database.
 */
export class Fulfilment {
  private readonly options: FulfilmentOptions;
  private readonly teller: Teller;
  private readonly planning: Pulse;
  private readonly expecting: Pulse;
  private readonly telling: Pulse;
  private readonly stopListening: () => void;
  private isClosing = false;

  constructor(options: FulfilmentOptions) {
    this.options = options;
    this.teller = new Teller(options);
    const { log } = options;
    const stage = "publish";
    this.planning = new Pulse({ name: "plan orders", stage, log, idleMs: LOOK_MS, work: () => this.plan() });
    this.expecting = new Pulse({
      name: "plan deliveries",
      stage,
      log,
      idleMs: DELIVERIES_MS,
      work: () => this.expect(),
    });
    this.telling = new Pulse({ name: "tell keepers", stage, log, idleMs: LOOK_MS, work: () => this.tell() });
    this.stopListening = options.ledger.onCommit(() => this.planning.wakeIn(LOOK_MS / 10));
    this.wake();
  }

  /** Something may have been missed. */
  wake(): void {
    this.planning.wake();
    this.expecting.wake();
    this.telling.wake();
  }

  /** Ends after the calls under way. */
  async close(): Promise<void> {
    this.isClosing = true;
    this.stopListening();
    await Promise.all([this.planning.close(), this.expecting.close(), this.telling.close()]);
  }

  private get kinds(): ReadonlyMap<string, KeeperKind> {
    return this.options.registry.kinds;
  }

  private async plan(): Promise<void> {
    const { pool, clock } = this.options;
    for (const sellerId of await sellersToFollow(pool, [...this.kinds.keys()])) {
      let isAtHead = false;
      while (!isAtHead && !this.isClosing) isAtHead = await this.follow(sellerId);
    }
    let planned = PLANNED_AT_ONCE;
    while (planned === PLANNED_AT_ONCE && !this.isClosing) {
      planned = await inTransaction(pool, async (client) => {
        const due = await takeDueOrders(client, PLANNED_AT_ONCE);
        for (const key of due) await planOrder(client, key, { kinds: this.kinds, now: clock.now() });
        return due.length;
      });
      if (planned > 0) this.telling.wake();
    }
  }

  private follow(sellerId: number): Promise<boolean> {
    const { pool, clock } = this.options;
    return inTransaction(pool, async (client) => {
      const keepers = await readGivingKeepers(client, sellerId, this.kinds);
      const channels = [...new Set(keepers.flatMap((keeper) => keeper.channels))];
      return (await followOrders(client, { sellerId, channels, now: clock.now() })).isAtHead;
    });
  }

  private async expect(): Promise<void> {
    const { pool, clock } = this.options;
    if ((await planDeliveries(pool, this.kinds, clock.now())) > 0) this.telling.wake();
  }

  private async tell(): Promise<void> {
    const { pool, clock } = this.options;
    const limit = TOLD_AT_ONCE;
    let told = limit;
    while (told === limit && !this.isClosing) {
      const orders = await claimCommands<OrderCommand>(pool, ORDERS, { now: clock.now(), limit });
      const deliveries = await claimCommands<InboundCommand>(pool, INBOUNDS, { now: clock.now(), limit });
      const calls = [
        ...orders.map((command) => this.tellOrder(command)),
        ...deliveries.map((command) => this.tellDelivery(command)),
      ];
      await Promise.all(calls);
      told = Math.max(orders.length, deliveries.length);
    }
  }

  private async tellOrder(command: OrderCommand): Promise<void> {
    const { pool, secretBox, clock } = this.options;
    const shipTo = command.state === "wanted" ? await readShipTo(pool, command, secretBox) : null;
    const end = await this.teller.tell(command, "orders", (keeper) => orderTelling(keeper, command, shipTo));
    await inTransaction(pool, (client) => endOrder(client, command, end, clock.now()));
    if (end.state !== end.from) this.planning.wake();
  }

  private async tellDelivery(command: InboundCommand): Promise<void> {
    const { pool, clock } = this.options;
    const end = await this.teller.tell(command, "inbounds", (keeper) => deliveryTelling(keeper, command));
    await inTransaction(pool, (client) => endDelivery(client, command, end, clock.now()));
    if (end.state !== end.from) this.expecting.wake();
  }
}

type ShipTo = Awaited<ReturnType<typeof readShipTo>>;

function orderTelling(keeper: Keeper, command: OrderCommand, shipTo: ShipTo): Telling {
  const { reference, orderId: orderNumber, channel, placedAt, facility, items: lines, keeperId } = command;
  const order = { reference, orderNumber, facility, placedAt, lines, shipTo, shippingMethod: null };
  return {
    subject: `order ${orderNumber} of ${channel}`,
    create:
      keeper.createOrder === undefined
        ? undefined
        : async () => idOf(await keeper.createOrder?.(order), ({ keeperOrderId }) => keeperOrderId),
    cancel:
      keeper.cancelOrder === undefined
        ? undefined
        : keeper.cancelOrder.bind(keeper, { reference, keeperOrderId: keeperId }),
  };
}

function deliveryTelling(keeper: Keeper, command: InboundCommand): Telling {
  const { reference, inboundId, facility, expectedAt, items: lines, keeperId } = command;
  const inbound = { reference, facility, expectedAt, lines };
  return {
    subject: `delivery ${inboundId}`,
    create:
      keeper.announceInbound === undefined
        ? undefined
        : async () => idOf(await keeper.announceInbound?.(inbound), ({ keeperInboundId }) => keeperInboundId),
    cancel:
      keeper.cancelInbound === undefined
        ? undefined
        : keeper.cancelInbound.bind(keeper, { reference, keeperInboundId: keeperId }),
  };
}

function idOf<Value>(answer: Outcome<Value> | undefined, id: (value: Value) => string): Outcome<string> {
  if (answer === undefined) throw new Error("asked of a keeper that has no such call");
  return answer.ok ? succeeded(id(answer.value)) : answer;
}
