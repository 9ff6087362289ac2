import { spawn } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { constants } from "node:os";
import { basename } from "node:path";

/**
 * Runs a Node program as if it had been started directly: signals and the exit code pass through, and it ends when
 * this process is killed outright (lifeline.mjs).
 *
 * @typedef {{ code: number, stopped: boolean }} Ended `stopped`: we were asked to end, by signal
 * @typedef {object} Program
 * @property {string} node path of the Node binary
 * @property {string[]} args
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} env
 * @property {boolean} [abrupt] a kill does it no harm, and it would not heed a gentler word
 * @property {boolean} [attached] it may ask questions at the terminal, so it stays in our process group
 * @property {import("node:child_process").StdioOptions} [stdio] its input, output and errors; ours by default
 * @property {(child: import("node:child_process").ChildProcess) => void} [onStart]
 */

/** A second Ctrl-C sooner than this is an echo: npm and the terminal both pass on the first. */
const echoMs = 1000;

/** How long a graceful stop may take when we are gone and cannot be asked a second time. */
const graceMs = 15_000;

/** What a program leaves running in its process group is asked to end, and after this long made to. */
const groupEndMs = 5000;

const parentPollMs = 500;

const hasGroups = process.platform !== "win32";

/**
 * @param {Program} program
 * @returns {Promise<Ended>}
 */
export async function run(program) {
  const ownGroup = hasGroups && program.attached !== true;
  const child = start(program, ownGroup);
  const control = stopControl(child, ownGroup, program.abrupt === true);
  const forget = listen(control.stop, program.attached === true);
  program.onStart?.(child);
  try {
    const code = await exitCode(child);
    if (ownGroup && child.pid !== undefined) await endGroup(child.pid);
    return { code, stopped: control.isStopped() };
  } finally {
    forget();
  }
}

/**
 * @param {Program} program
 * @param {boolean} ownGroup
 */
function start(program, ownGroup) {
  const lifeline = new URL("lifeline.mjs", import.meta.url).href;
  // A program in a group of its own may not read from the terminal; what is piped in, it may.
  const input = ownGroup && process.stdin.isTTY ? "ignore" : "inherit";
  const stdio = program.stdio ?? [input, "inherit", "inherit"];
  return spawn(program.node, ["--import", lifeline, ...program.args], {
    cwd: program.cwd,
    env: { ...program.env, ONEPOOL_LIFELINE: `${process.pid} ${program.abrupt === true ? 0 : graceMs}` },
    stdio: [...(Array.isArray(stdio) ? stdio : [stdio, stdio, stdio]), "ipc"],
    // Its own group: Ctrl-C then reaches it once, through us, and not a second time from the terminal.
    detached: ownGroup,
  });
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {boolean} ownGroup
 * @param {boolean} abrupt
 */
function stopControl(child, ownGroup, abrupt) {
  let askedAt = 0;
  const kill = () => {
    if (ownGroup && child.pid !== undefined) killGroup(child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  };
  return {
    isStopped: () => askedAt > 0,
    /** @param {NodeJS.Signals} signal */
    stop: (signal) => {
      const now = Date.now();
      if (askedAt === 0) {
        askedAt = now;
        if (abrupt) kill();
        else child.kill(signal);
      } else if (now - askedAt > echoMs) {
        // Asked twice: whatever it is still doing, it ends now.
        kill();
      }
    },
  };
}

/**
 * @param {(signal: NodeJS.Signals) => void} stop
 * @param {boolean} attached
 * @returns {() => void} stops listening
 */
function listen(stop, attached) {
  // The terminal has sent Ctrl-C to an attached program itself; we only have to outlive it.
  const onInterrupt = () => (attached && process.stdin.isTTY ? undefined : stop("SIGINT"));
  const onEnd = () => stop("SIGTERM");
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onEnd);
  process.on("SIGHUP", onEnd);
  const watch = watchNpm(onEnd);
  return () => {
    process.removeListener("SIGINT", onInterrupt);
    process.removeListener("SIGTERM", onEnd);
    process.removeListener("SIGHUP", onEnd);
    clearInterval(watch);
  };
}

/**
 * Whoever runs `npm start` in the background knows npm's pid, not ours, and may `kill -9` that one.
 * @param {() => void} onGone
 */
function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const before = ancestry();
  const watch = setInterval(() => {
    if (ancestry() === before) return;
    clearInterval(watch);
    onGone();
  }, parentPollMs);
  return watch;
}

/** Our parent, and above it npm: it starts us through a shell, and not every shell gives way to what it starts. */
function ancestry() {
  const parent = process.ppid;
  try {
    if (basename(readlinkSync(`/proc/${parent}/exe`)).startsWith("node")) return `${parent}`;
    const stat = readFileSync(`/proc/${parent}/stat`, "utf8");
    return `${parent} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]}`;
  } catch {
    return `${parent}`;
  }
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<number>}
 */
function exitCode(child) {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}

/** @param {number} group */
async function endGroup(group) {
  const until = Date.now() + groupEndMs;
  if (!killGroup(group, "SIGTERM")) return;
  while (Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (!killGroup(group, 0)) return;
  }
  killGroup(group, "SIGKILL");
}

/**
 * @param {number} group
 * @param {NodeJS.Signals | 0} signal
 * @returns {boolean} whether anybody was there
 */
function killGroup(group, signal) {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}
