import process from "node:process";
import { isMainThread } from "node:worker_threads";

/**
 * Loaded before a program that the launcher starts: ends the program, and what it started in its process group,
 * when the launcher is gone without having said so (`kill -9`). The channel between the two closes then, whatever
 * happened at the other end.
 */

// The launcher's pid, and how many milliseconds a graceful stop may take before it is cut short; 0: no grace.
const [launcher, graceMs] = (process.env.ONEPOOL_LIFELINE ?? "").split(" ").map(Number);
// What this program starts has a parent of its own.
delete process.env.ONEPOOL_LIFELINE;

if (isMainThread && launcher) {
  // Gone before we came to look.
  if (process.ppid !== launcher) endAll("SIGKILL");
  process.once("disconnect", () => {
    if (graceMs === 0) endAll("SIGKILL");
    endAll("SIGTERM");
    setTimeout(() => endAll("SIGKILL"), graceMs).unref();
  });
  // Only listening must not keep a finished program alive.
  process.channel?.unref();
}

/** @param {NodeJS.Signals} signal */
function endAll(signal) {
  try {
    // The group carries our pid if the launcher made it for us.
    process.kill(-process.pid, signal);
  } catch {
    process.kill(process.pid, signal);
  }
}
