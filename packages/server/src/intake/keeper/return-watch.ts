import { readKeeperMap } from "@onepool/core/intake/keeper/keeper-map.ts";
import { type OverdueReturn, overdueReturns } from "@onepool/core/intake/keeper/overdue-returns.ts";
import type { OrderRecord } from "@onepool/core/ledger/order-record.ts";
import type pg from "pg";

import { inTransaction } from "../../connections/in-transaction.ts";
import type { KeeperRegistry } from "../../connections/keeper-registry.ts";
import { Pulse } from "../../connections/pulse.ts";
import type { Log } from "../../log/log.ts";
import { openKeeperAlert } from "./keeper-alert-store.ts";
import { readKeeperSellers, readReturningOrders, resolveOtherOverdue } from "./overdue-return-store.ts";

export interface ReturnWatchOptions {
  readonly pool: pg.Pool;
  readonly registry: Pick<KeeperRegistry, "kinds">;
  readonly clock: { now(): number };
  readonly log: Log;
}

/** How often returns that do not arrive are looked for, in milliseconds. */
const EVERY_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** Says which returns should have arrived at a keeper and did not. */
export class ReturnWatch {
  private readonly options: ReturnWatchOptions;
  private readonly pulse: Pulse;

  constructor(options: ReturnWatchOptions) {
    this.options = options;
    const { log } = options;
    const work = (): Promise<void> => this.look();
    this.pulse = new Pulse({ name: "overdue returns", stage: "intake", log, idleMs: EVERY_MS, work });
    this.pulse.wake();
  }

  async close(): Promise<void> {
    await this.pulse.close();
  }

  /** Looks at the returns of every seller with a keeper. */
  async look(): Promise<void> {
    const { pool, registry } = this.options;
    for (const { sellerId, settings } of await readKeeperSellers(pool, [...registry.kinds.keys()])) {
      const overdueDays = Math.min(...settings.map((one) => readKeeperMap(one).returnOverdueDays));
      await inTransaction(pool, (client) => this.lookAt(client, sellerId, overdueDays));
    }
  }

  private async lookAt(client: pg.PoolClient, sellerId: number, overdueDays: number): Promise<void> {
    const now = this.options.clock.now();
    const subjects: string[] = [];
    for (const { order, since } of await readReturningOrders(client, sellerId, now - overdueDays * DAY_MS)) {
      const overdue = overdueReturns(order, { since, now, overdueDays });
      if (overdue.length === 0) continue;
      const alert = alertOf(order, overdue, Math.floor((now - since) / DAY_MS));
      subjects.push(alert.subject);
      await openKeeperAlert(client, { sellerId, code: order.channel }, alert, now);
    }
    await resolveOtherOverdue(client, sellerId, subjects, now);
  }
}

function alertOf({ channel, orderId }: OrderRecord, overdue: readonly OverdueReturn[], days: number) {
  const [first] = overdue;
  const units = overdue.reduce((sum, one) => sum + one.units, 0);
  // The days would make it another message every day; weeks are near enough.
  const message = `${units} unit${units === 1 ? "" : "s"} of order ${orderId} of ${channel} have been on their way back for ${Math.floor(days / 7)} weeks: ask the buyer or the carrier, or give them up with a return that is lost.`;
  return {
    kind: "return_overdue",
    severity: "warning",
    subject: `${channel}/${orderId}`,
    sku: overdue.length === 1 ? (first?.sku ?? null) : null,
    channel,
    orderId,
    lineId: overdue.length === 1 ? (first?.lineId ?? null) : null,
    units,
    message,
  } as const;
}
