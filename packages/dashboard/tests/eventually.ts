import { expect } from "vitest";

/** How long what should come may take before the test gives up; nothing is said about how long it does take. */
const PATIENCE_MS = 60_000;

/** Reads again and again until the expectation holds. */
export function eventually<Value>(read: () => Value | Promise<Value>) {
  return expect.poll(read, { timeout: PATIENCE_MS, interval: 50 });
}
