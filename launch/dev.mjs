import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * For working on Onepool: the server, started again whenever one of its files changes, and beside it the dashboard's
 * own server, which shows a change to a screen at once. They end together.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));

const children = [
  node(["--watch", "--watch-preserve-output", join(root, "packages/server/src/main.ts")], root),
  node([join(root, "node_modules/vite/bin/vite.js")], join(root, "packages/dashboard")),
];

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => endAll(signal));

/**
 * @param {string[]} args
 * @param {string} cwd
 */
function node(args, cwd) {
  const child = spawn(process.execPath, args, { cwd, stdio: "inherit" });
  child.once("exit", (code) => {
    process.exitCode ||= code ?? 1;
    endAll("SIGTERM");
  });
  return child;
}

/** @param {NodeJS.Signals} signal */
function endAll(signal) {
  for (const child of children) child.kill(signal);
}
