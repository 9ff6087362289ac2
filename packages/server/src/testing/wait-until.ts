import { setTimeout as delay } from "node:timers/promises";

/**
 * Waits for a condition outside of this process, such as another process being gone. It has no time limit of its own: a
 * condition that never comes is ended by the test's, and named by it.
 */
export async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(10);
}
