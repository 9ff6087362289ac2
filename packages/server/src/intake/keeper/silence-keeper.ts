import type pg from "pg";

import { isLasting } from "../../connections/disconnected.ts";
import type { KeeperRegistry, OpenKeeper } from "../../connections/keeper-registry.ts";
import { Pulse } from "../../connections/pulse.ts";
import type { Log } from "../../log/log.ts";
import type { ObservationLog } from "../../observe/observation-log.ts";
import {
  type ConnectionAlert,
  openConnectionAlert,
  resolveConnectionAlert,
} from "../connection-alert-store.ts";
import { type FailingWay, readTroubledKeepers, type TroubledKeeper } from "./silence-store.ts";

export interface SilenceKeeperOptions {
  readonly pool: pg.Pool;
  readonly registry: KeeperRegistry;
  readonly observations: ObservationLog;
  readonly clock: { now(): number };
  readonly log: Log;
  /** In place of our own pace, in milliseconds. */
  readonly everyMs?: number;
}

const EVERY_MS = 5_000;

/** A keeper that could not be read for so many of its intervals is told to be silent. */
const INTERVALS = 4;

/** Where no interval is stated. In milliseconds. */
const SELDOM_MS = 15 * 60_000;

/** What may pass by itself is told after so many failures in a row. */
const PASSING_TOLD_AFTER = 3;

/** Tells people of keepers that cannot be read, or that do not post to us any more, and that they are heard again. */
export class SilenceKeeper {
  private readonly options: SilenceKeeperOptions;
  private readonly pulse: Pulse;

  constructor(options: SilenceKeeperOptions) {
    this.options = options;
    const { log, everyMs = EVERY_MS } = options;
    const work = () => this.judgeAll();
    this.pulse = new Pulse({ name: "silent keepers", stage: "intake", log, idleMs: everyMs, work });
    this.pulse.wake();
  }

  async close(): Promise<void> {
    await this.pulse.close();
  }

  private async judgeAll(): Promise<void> {
    const { pool, registry } = this.options;
    for (const troubled of await readTroubledKeepers(pool, [...registry.kinds.keys()])) {
      const connection = await registry.open(troubled.sellerId, troubled.code);
      if (connection !== null) await this.judge(troubled, connection);
    }
  }

  private async judge(troubled: TroubledKeeper, connection: OpenKeeper): Promise<void> {
    const now = this.options.clock.now();
    const { title } = connection.capability;
    const silent = troubled.failing.find((way) => isSilent(way, connection, now));
    const unposted = troubled.failing.find(isUnposted);
    const says = (failing: FailingWay, what: string): string =>
      `${title} ${what} ${troubled.code} since ${new Date(failing.since).toISOString()}: ${failing.error.message}`;
    await this.tell(troubled, {
      kind: "keeper_silent",
      severity: "critical",
      message: silent === undefined ? null : says(silent, "cannot be read for"),
    });
    await this.tell(troubled, {
      kind: "not_subscribed",
      severity: "warning",
      message: unposted === undefined ? null : says(unposted, "cannot be had to post the news of"),
    });
  }

  /** Opens, changes or ends an alert where what it says has changed. */
  private async tell(
    { sellerId, code, told }: TroubledKeeper,
    alert: Pick<ConnectionAlert, "kind" | "severity"> & { readonly message: string | null },
  ): Promise<void> {
    const { observations, clock, log } = this.options;
    const { kind, severity, message } = alert;
    const before = told[kind] ?? null;
    if (before === message) return;
    const now = clock.now();
    const key = { sellerId, code };
    await observations.record(sellerId, async (client) => {
      const isSilence = kind === "keeper_silent";
      if (message === null) {
        await resolveConnectionAlert(client, key, kind, now);
        const body = { message: `${code} is heard again.` };
        return isSilence ? [{ connection: code, externalId: null, kind: "keeper_heard", body }] : [];
      }
      await openConnectionAlert(client, key, { kind, severity, units: 0, message }, now);
      const body = { message };
      if (isSilence) return [{ connection: code, externalId: null, kind: "keeper_silent", body }];
      return [
        { connection: code, externalId: null, kind: "unsubscribed", body: { ...body, reason: "keeper" } },
      ];
    });
    const said = { stage: "intake", seller: sellerId, connection: code, alert: kind };
    if (message === null) log.info(said, "a keeper is heard again");
    else log.warn({ ...said, reason: message }, "a keeper is silent");
  }
}

/** At once where only a person mends it. */
function isSilent({ way, since, error }: FailingWay, { capability }: OpenKeeper, now: number): boolean {
  if (way === "subscription") return false;
  if (error.kind === "auth" && isLasting({ kind: "auth", message: "", code: error.code ?? "" })) return true;
  const intervals = {
    levels: capability.levelsIntervalMs,
    looks: capability.levelsIntervalMs,
    collect: capability.movementsIntervalMs,
    documents: capability.documentsIntervalMs,
  };
  return now - since >= INTERVALS * (intervals[way] ?? SELDOM_MS);
}

/** That it cannot be read at all is told as its silence. */
function isUnposted({ way, attempts, error }: FailingWay): boolean {
  if (way !== "subscription" || error.kind === "auth") return false;
  const isPassing = error.kind === "transient" || error.kind === "throttled";
  return !isPassing || attempts >= PASSING_TOLD_AFTER;
}
