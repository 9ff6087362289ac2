import { livePace } from "@onepool/core/allocate/demand.ts";
import { unitsToHoldBack } from "@onepool/core/intake/hold-back.ts";
import {
  type Blindness,
  judgeSight,
  SIGHT_POLICY,
  type SightFacts,
  type SightPolicy,
} from "@onepool/core/intake/judge-sight.ts";
import type { Units } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionRegistry, OpenConnection } from "../connections/connection-registry.ts";
import { inTransaction } from "../connections/in-transaction.ts";
import { Pulse } from "../connections/pulse.ts";
import type { Log } from "../log/log.ts";
import type { ObservationLog } from "../observe/observation-log.ts";
import { openConnectionAlert, resolveConnectionAlert } from "./connection-alert-store.ts";
import { forgetListed } from "./listed-order-store.ts";
import { blindMessage, stuckMessage } from "./sight-message.ts";
import {
  beginBlindness,
  endBlindness,
  readSights,
  readUnseenShares,
  replaceHolds,
  type StoredSight,
  takeDueSights,
} from "./sight-store.ts";
import { whenBlind } from "./when-blind.ts";

export interface SightKeeperOptions {
  readonly pool: pg.Pool;
  readonly registry: ConnectionRegistry;
  readonly observations: ObservationLog;
  readonly clock: { now(): number };
  readonly log: Log;
  /** In place of the channels' own interval between polls, in milliseconds. */
  readonly intervalMs?: number;
  readonly policy?: SightPolicy;
  /** How often each connection is judged, in milliseconds. */
  readonly everyMs?: number;
  /** A channel is seen again: its orders have to be listed before anything is raised there. */
  onSighted(sellerId: number, connection: string): void;
  /** Listings of a connection have to be looked at. */
  onHeld(sellerId: number, connection: string): void;
}

const EVERY_MS = 10_000;
const AT_ONCE = 100;

/** Judgements are given on a connection that was opened this long ago, in milliseconds. */
const FRESH_MS = 5_000;

/** Judges every connection again and again, says what has changed, and has the other channels protected. */
export class SightKeeper {
  private readonly options: SightKeeperOptions;
  private readonly policy: SightPolicy;
  private readonly pulse: Pulse;

  constructor(options: SightKeeperOptions) {
    this.options = options;
    this.policy = options.policy ?? SIGHT_POLICY;
    const { log, everyMs = EVERY_MS } = options;
    this.pulse = new Pulse({
      name: "sight",
      stage: "intake",
      log,
      idleMs: everyMs,
      work: () => this.judgeDue(),
    });
    this.pulse.wake();
  }

  async close(): Promise<void> {
    await this.pulse.close();
  }

  private async judgeDue(): Promise<number | void> {
    const { pool, clock, everyMs = EVERY_MS } = this.options;
    const { graceMs, windowMs } = this.policy;
    const now = clock.now();
    const keys = await takeDueSights(pool, { now, judgedBefore: now - everyMs, limit: AT_ONCE });
    const sights = await readSights(pool, keys, { after: now - windowMs, until: now - graceMs });
    for (const sight of sights) await this.judge(sight);
    await forgetListed(pool, now - 2 * windowMs);
    return keys.length === AT_ONCE ? 0 : everyMs;
  }

  private async judge(sight: StoredSight): Promise<void> {
    const { registry, clock } = this.options;
    const connection = await registry.open(sight.sellerId, sight.code, FRESH_MS);
    if (connection === null) return;
    const before = blindnessOf(sight);
    const now = clock.now();
    const blind = judgeSight(this.factsOf(sight, connection, before), now, this.policy);
    if (blind !== null && blind.reason !== before?.reason) await this.lose(sight, connection, blind);
    if (blind === null && before !== null) await this.regain(sight, before);
    await this.hold(sight, blind);
    await this.tellStuck(sight);
  }

  private factsOf(
    sight: StoredSight,
    { capability, queue }: OpenConnection,
    blind: Blindness | null,
  ): SightFacts {
    const { listed, unannounced, firstUnannouncedAt, announcedSince } = sight;
    const { queueCheckedAt: checkedAt, queueOldestAt: oldestAt, queueFailingSince: failingSince } = sight;
    const hasQueue = queue.ok && queue.value !== null;
    return {
      isReconnectNeeded: sight.isReconnectNeeded,
      pollsFailingSince: sight.pollsFailingSince,
      pollIntervalMs: this.options.intervalMs ?? capability.orderPollIntervalMs,
      queue: hasQueue ? { checkedAt, oldestAt, failingSince } : null,
      announcements: { listed, unannounced, firstUnannouncedAt, announcedSince },
      blind,
    };
  }

  private async lose(sight: StoredSight, { capability }: OpenConnection, blind: Blindness): Promise<void> {
    const { observations, clock, log } = this.options;
    const { sellerId, code } = sight;
    const now = clock.now();
    const message = blindMessage(sight, capability.title, blind, now);
    const { reason, since } = blind;
    await observations.record(sellerId, async (client) => {
      await beginBlindness(client, sight, { ...blind, message });
      const alert = { kind: "channel_blind", severity: "critical", units: 0, message } as const;
      await openConnectionAlert(client, sight, alert, now);
      return [{ connection: code, externalId: null, kind: "blind", body: { reason, message, since } }];
    });
    log.error({ stage: "intake", seller: sellerId, connection: code, reason }, "a channel is not seen");
  }

  private async regain(sight: StoredSight, before: Blindness): Promise<void> {
    const { observations, clock, log } = this.options;
    const { sellerId, code } = sight;
    const now = clock.now();
    const { reason, since } = before;
    await observations.record(sellerId, async (client) => {
      await endBlindness(client, sight, now);
      await resolveConnectionAlert(client, sight, "channel_blind", now);
      const message = `${code} is seen again.`;
      return [{ connection: code, externalId: null, kind: "sighted", body: { reason, message, since } }];
    });
    log.info({ stage: "intake", seller: sellerId, connection: code, reason }, "a channel is seen again");
    this.options.onSighted(sellerId, code);
  }

  /** What was never seen is not missed: before its first complete poll a connection holds nobody back. */
  private async hold(sight: StoredSight, blind: Blindness | null): Promise<void> {
    const { pool, clock } = this.options;
    if (blind === null && sight.blindSince === null) return;
    const isHeld = blind !== null && sight.completeAt !== null;
    const holds = isHeld ? await this.holdsOf(sight, sight.completeAt) : new Map<string, Units | null>();
    const held = await inTransaction(pool, (client) => replaceHolds(client, sight, holds, clock.now()));
    for (const connection of held) this.options.onHeld(sight.sellerId, connection);
  }

  private async holdsOf(sight: StoredSight, completeAt: number): Promise<Map<string, Units | null>> {
    const { pool, clock } = this.options;
    const policy = whenBlind(sight.settings);
    if (policy === "sell") return new Map();
    const now = clock.now();
    const shares = Map.groupBy(await readUnseenShares(pool, sight), ({ sku }) => sku);
    const holds = [...shares].map(([sku, its]) => {
      const unseen = its.map(({ shown, unitsPerSale, sold }) => ({
        shown,
        unitsPerSale,
        pace: livePace(sold, now),
      }));
      const units = unitsToHoldBack(unseen, now - completeAt);
      return [sku, units > 0 && policy === "stop" ? null : units] as const;
    });
    return new Map(holds.filter(([, units]) => units !== 0));
  }

  private async tellStuck(sight: StoredSight): Promise<void> {
    const { pool, clock } = this.options;
    const { poisoned, isStuckTold } = sight;
    const now = clock.now();
    if (poisoned === 0 && !isStuckTold) return;
    await inTransaction(pool, async (client) => {
      if (poisoned === 0) return resolveConnectionAlert(client, sight, "notification_stuck", now);
      const message = stuckMessage(sight);
      const alert = { kind: "notification_stuck", severity: "warning", units: poisoned, message } as const;
      return openConnectionAlert(client, sight, alert, now);
    });
  }
}

function blindnessOf({ blindSince: since, blindReason: reason }: StoredSight): Blindness | null {
  return since === null || reason === null ? null : { since, reason };
}
