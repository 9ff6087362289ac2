import { setTimeout as delay } from "node:timers/promises";

import type { ClusterParts } from "./cluster-folder.ts";
import type { DatabaseLog } from "./database-log.ts";
import {
  type Postmaster,
  type PostmasterOptions,
  startPostmaster,
  stopLeftPostmaster,
} from "./postmaster.ts";
import { systemRefusalOf } from "./system-refusal.ts";

/** What happens to a running embedded PostgreSQL. `sentence` is for a person. */
export type EmbeddedEvent = {
  readonly kind: "crashed" | "restarted" | "restart_failed";
  readonly sentence: string;
};

/** Keeps PostgreSQL running: whenever it ends unasked it is started again. */
export type Supervisor = {
  /** Null while PostgreSQL is down. */
  pid(): number | null;
  stop(): Promise<void>;
};

/** What the supervisor watches, and whom it tells. */
export type Supervised = {
  readonly parts: ClusterParts;
  readonly options: PostmasterOptions;
  readonly log: DatabaseLog;
  readonly onEvent: ((event: EmbeddedEvent) => void) | undefined;
  readonly first: Postmaster;
};

/**
 * Pauses before the attempts to start a crashed PostgreSQL again, in milliseconds; the last one repeats for as long as
 * it takes. A full disk is freed by somebody, and then everything goes on.
 */
const RESTART_PAUSES_MS = [0, 100, 500, 2_000, 5_000];

/** What ran this long, in milliseconds, was well: the next crash begins with the first pause again. */
const HEALTHY_RUN_MS = 60_000;

/** Watches `first` and its successors until `stop`. */
export function supervise(supervised: Supervised): Supervisor {
  let current: Postmaster | null = supervised.first;
  const stopping = new AbortController();
  const watch = async (): Promise<void> => {
    const attempts = { sinceHealthy: 0 };
    while (current !== null) {
      const startedAt = performance.now();
      await current.ended;
      current = null;
      if (stopping.signal.aborted) return;
      if (performance.now() - startedAt > HEALTHY_RUN_MS) attempts.sinceHealthy = 0;
      tell(supervised, {
        kind: "crashed",
        sentence: "PostgreSQL ended unexpectedly and is being started again.",
      });
      current = await restart(supervised, attempts, stopping.signal);
    }
  };
  const watching = watch();
  return {
    pid: () => (current === null || current.hasEnded() ? null : current.pid),
    async stop() {
      stopping.abort();
      await current?.stop();
      await watching;
    },
  };
}

/** Answers null when it was told to stop meanwhile. */
async function restart(
  supervised: Supervised,
  attempts: { sinceHealthy: number },
  stopping: AbortSignal,
): Promise<Postmaster | null> {
  const { parts, options } = supervised;
  let told = "";
  for (;;) {
    const pauseMs = RESTART_PAUSES_MS[Math.min(attempts.sinceHealthy, RESTART_PAUSES_MS.length - 1)] ?? 0;
    attempts.sinceHealthy += 1;
    if (!(await pause(pauseMs, stopping))) return null;
    try {
      await stopLeftPostmaster(parts.folder.cluster);
      const postmaster = await startPostmaster(parts, options);
      if (stopping.aborted) {
        await postmaster.stop();
        return null;
      }
      tell(supervised, {
        kind: "restarted",
        sentence: "PostgreSQL runs again; nothing that was acknowledged is lost.",
      });
      return postmaster;
    } catch (error) {
      const { sentence } = systemRefusalOf(error, parts.folder.dataFolder);
      // Said once per reason: it is tried every few seconds for as long as it takes.
      if (sentence !== told) {
        tell(supervised, {
          kind: "restart_failed",
          sentence: `PostgreSQL cannot be started again yet. ${sentence}`,
        });
      }
      told = sentence;
    }
  }
}

/** False when it was cut short. Never keeps the process alive. */
async function pause(milliseconds: number, stopping: AbortSignal): Promise<boolean> {
  if (stopping.aborted) return false;
  return delay(milliseconds, true, { signal: stopping, ref: false }).catch(() => false);
}

function tell(supervised: Supervised, event: EmbeddedEvent): void {
  const { log, onEvent } = supervised;
  if (event.kind === "restarted") log.info({ event: event.kind }, event.sentence);
  else log.error({ event: event.kind }, event.sentence);
  onEvent?.(event);
}
