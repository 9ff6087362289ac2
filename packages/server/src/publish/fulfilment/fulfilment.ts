import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { Keeper, KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { Outcome } from "@onepool/connectors/contract/outcome.ts";
import { backoffMs } from "@onepool/core/intake/backoff.ts";
import type pg from "pg";

import type { SecretBox } from "../../auth/secret-box.ts";
import { inTransaction } from "../../connections/in-transaction.ts";
import type { KeeperRegistry, OpenKeeper } from "../../connections/keeper-registry.ts";
import { Pulse } from "../../connections/pulse.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Log } from "../../log/log.ts";
import {
  claimOrderCommands,
  type CommandEnd,
  endOrderCommand,
  type OrderCommand,
  readShipTo,
} from "./command-store.ts";
import { followOrders, sellersToFollow } from "./follow-orders.ts";
import { openFulfilmentAlert, resolveFulfilmentAlerts } from "./fulfilment-alert-store.ts";
import { readGivingKeepers } from "./giving-keepers.ts";
import { markDue, takeDueOrders } from "./keeper-order-store.ts";
import { planOrder, subjectOf } from "./plan-order.ts";

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

/** Orders planned per transaction, and told at the same time. */
const PLANNED_AT_ONCE = 100;
const TOLD_AT_ONCE = 8;

const BACKOFF = { firstMs: 2_000, longestMs: 15 * 60_000 };

/** An account that the keeper does not let in, or a connection that is not live, is tried again this much later, in milliseconds. */
const CLOSED_MS = 60_000;

/** How long an order may still turn up that we asked for without getting an answer, in milliseconds. */
const TURNS_UP_WITHIN_MS = 60_000;

/**
 * Gives paid orders to the keepers that ship them, and takes back what was cancelled. Level-triggered: orders that moved are
 * compared with what keepers were given; what is to be told stands in a table, so that a crash anywhere loses and doubles
 * nothing: the keeper knows each by our reference. Any number of processes may do so on one database.
 */
export class Fulfilment {
  private readonly options: FulfilmentOptions;
  private readonly planner: Pulse;
  private readonly teller: Pulse;
  private readonly stopListening: () => void;
  private isClosing = false;

  constructor(options: FulfilmentOptions) {
    this.options = options;
    const { log } = options;
    const stage = "publish";
    this.planner = new Pulse({ name: "plan orders", stage, log, idleMs: LOOK_MS, work: () => this.plan() });
    this.teller = new Pulse({ name: "tell orders", stage, log, idleMs: LOOK_MS, work: () => this.tell() });
    this.stopListening = options.ledger.onCommit(() => this.planner.wakeIn(LOOK_MS / 10));
    this.wake();
  }

  /** Something may have been missed. */
  wake(): void {
    this.planner.wake();
    this.teller.wake();
  }

  /** Ends after the calls under way. */
  async close(): Promise<void> {
    this.isClosing = true;
    this.stopListening();
    await Promise.all([this.planner.close(), this.teller.close()]);
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
      if (planned > 0) this.teller.wake();
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

  private async tell(): Promise<void> {
    const { pool, clock } = this.options;
    let told = TOLD_AT_ONCE;
    while (told === TOLD_AT_ONCE && !this.isClosing) {
      const commands = await claimOrderCommands(pool, clock.now(), TOLD_AT_ONCE);
      await Promise.all(commands.map((command) => this.tellOne(command)));
      told = commands.length;
    }
  }

  private async tellOne(command: OrderCommand): Promise<void> {
    const { pool, clock } = this.options;
    const end = await this.endOf(command);
    await inTransaction(pool, async (client) => {
      const now = clock.now();
      await endOrderCommand(client, command, end, now);
      const subject = subjectOf(command);
      const { sellerId, channel, orderId } = command;
      if (end.state === "refused" || end.state === "too_late") {
        const kind =
          end.state === "refused" ? ("fulfilment_refused" as const) : ("fulfilment_too_late" as const);
        const message = end.error ?? "";
        await openFulfilmentAlert(client, sellerId, { kind, subject, channel, orderId, message }, now);
      } else if (end.state === "sent")
        await resolveFulfilmentAlerts(client, sellerId, { kinds: ["fulfilment_refused"], subject }, now);
      if (end.state !== end.from) await markDue(client, command, now);
    });
    if (end.state !== end.from) this.planner.wake();
  }

  private async endOf(command: OrderCommand): Promise<CommandEnd> {
    const { registry, clock } = this.options;
    const { sellerId, connection, state: from } = command;
    const stays = (error: string, inMs: number): CommandEnd => ({
      from,
      state: from,
      keeperOrderId: null,
      error,
      isUncounted: true,
      nextAttemptAt: clock.now() + inMs,
    });
    const open = await registry.open(sellerId, connection);
    if (open === null) return stays(`There is no keeper ${connection} any more.`, CLOSED_MS);
    if (open.row.mode !== "live") return stays(`${connection} is not live: set its mode to live.`, CLOSED_MS);
    if (!open.keeper.ok) return stays(open.keeper.error.message, CLOSED_MS);
    const { taken, waitMs } = open.budgets.take("writes", 1);
    if (taken === 0) return stays("Waits for a call that the keeper allows.", waitMs);
    return from === "wanted"
      ? this.create(open, open.keeper.value, command)
      : this.cancel(open, open.keeper.value, command);
  }

  private async create(open: OpenKeeper, keeper: Keeper, command: OrderCommand): Promise<CommandEnd> {
    const { pool, secretBox } = this.options;
    const { reference, orderId: orderNumber, placedAt, facility, items, state: from } = command;
    if (keeper.createOrder === undefined)
      return refused(command, `${open.capability.title} takes no orders from us.`);
    const answer = await keeper.createOrder({
      reference,
      orderNumber,
      facility,
      placedAt,
      lines: items,
      shipTo: await readShipTo(pool, command, secretBox),
      shippingMethod: null,
    });
    if (!answer.ok) return this.failed(open, command, answer.error);
    open.budgets.worked("writes");
    const { keeperOrderId } = answer.value;
    return { from, state: "sent", keeperOrderId, error: null, nextAttemptAt: null };
  }

  private async cancel(open: OpenKeeper, keeper: Keeper, command: OrderCommand): Promise<CommandEnd> {
    const { clock } = this.options;
    const { reference, keeperOrderId, state: from, isSent, attempts } = command;
    const answer: Outcome<"cancelled" | "too_late" | "unknown"> =
      keeper.cancelOrder === undefined
        ? { ok: true, value: "too_late" }
        : await keeper.cancelOrder({ reference, keeperOrderId });
    if (!answer.ok) return this.failed(open, command, answer.error);
    open.budgets.worked("writes");
    // We may have asked for it without hearing the answer: it can still turn up, so it is looked for once more.
    if (answer.value === "unknown" && !isSent && attempts === 0)
      return {
        from,
        state: from,
        keeperOrderId,
        error: null,
        nextAttemptAt: clock.now() + TURNS_UP_WITHIN_MS,
      };
    if (answer.value !== "too_late")
      return { from, state: "cancelled", keeperOrderId, error: null, nextAttemptAt: null };
    const { channel, orderId } = command;
    const error = `Order ${orderId} of ${channel} was cancelled, and ${open.row.code} ships it all the same: it was too late to stop it. Expect it back.`;
    return { from, state: "too_late", keeperOrderId, error, nextAttemptAt: null };
  }

  private failed(open: OpenKeeper, command: OrderCommand, error: ConnectorError): CommandEnd {
    const { clock, log } = this.options;
    const { state: from, attempts, reference, sellerId: seller, connection } = command;
    log.warn(
      { stage: "publish", seller, connection, reference, reason: error.message },
      "a keeper was not told",
    );
    if (error.kind === "throttled") open.budgets.throttled("writes", error.retryAfterMs);
    const isFinal = error.kind === "rejected" || error.kind === "not_found" || error.kind === "bug";
    if (isFinal && from === "wanted") return refused(command, error.message);
    const waitMs = Math.max(error.retryAfterMs ?? 0, backoffMs(attempts + 1, Math.random(), BACKOFF));
    const nextAttemptAt = clock.now() + waitMs;
    return { from, state: from, keeperOrderId: null, error: error.message, nextAttemptAt };
  }
}

/** Nothing is tried again by itself: somebody has to mend what the keeper did not like. */
function refused({ state: from, orderId, channel, connection }: OrderCommand, reason: string): CommandEnd {
  const error = `${connection} does not take order ${orderId} of ${channel}: ${reason}`;
  return { from, state: "refused", keeperOrderId: null, error, nextAttemptAt: null };
}
