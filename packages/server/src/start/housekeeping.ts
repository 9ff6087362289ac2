import type pg from "pg";

import { forgetEndedSessions } from "../auth/browser-session-store.ts";
import { purgeAnswers } from "../ledger/purge-answers.ts";
import type { Log } from "../log/log.ts";
import { forgetAddresses } from "../publish/fulfilment/ship-to-store.ts";

const EVERY_MS = 60 * 60 * 1000;

/** Removes what nobody can use any more, now and then. Nothing waits for it, and any number of servers may do it. */
export function startHousekeeping(options: {
  pool: pg.Pool;
  clock: { now(): number };
  log: Log;
}): () => Promise<void> {
  const { pool, clock, log } = options;
  let working: Promise<void> = Promise.resolve();
  const work = async (): Promise<void> => {
    try {
      await forgetEndedSessions(pool, clock.now());
      await purgeAnswers(pool, clock.now());
      await forgetAddresses(pool, clock.now());
    } catch (error) {
      log.warn({ stage: "ledger", err: error }, "what nobody needs any more could not be removed");
    }
  };
  const timer = setInterval(() => {
    working = work();
  }, EVERY_MS);
  timer.unref();
  working = work();
  return async () => {
    clearInterval(timer);
    await working;
  };
}
