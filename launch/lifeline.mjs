import process from "node:process";
import { isMainThread } from "node:worker_threads";

/**
 * Loaded before a program that the launcher starts: ends the program, and what it started in its process group,
 * when the launcher is gone without having said so (`kill -9`). The channel between the two closes then, whatever
 * happened at the other end.
 */

/** How long a graceful stop may take before it is cut short. */
const graceMs = 15_000;

if (isMainThread && process.channel && process.env.ONEPOOL_LIFELINE === String(process.ppid)) {
  process.once("disconnect", () => {
    endAll("SIGTERM");
    setTimeout(() => endAll("SIGKILL"), graceMs).unref();
  });
  // Only listening must not keep a finished program alive.
  process.channel.unref();
}
// What this program starts has a parent of its own.
delete process.env.ONEPOOL_LIFELINE;

/** @param {NodeJS.Signals} signal */
function endAll(signal) {
  try {
    // The group carries our pid if the launcher made it for us.
    process.kill(-process.pid, signal);
  } catch {
    process.kill(process.pid, signal);
  }
}
