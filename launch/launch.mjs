#!/usr/bin/env node
/**
 * The one way in: every command of package.json comes through here. Plain JavaScript without dependencies, so that
 * an old Node can run it on a fresh clone; it installs, builds, and goes on under the right Node.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { ensureDashboard } from "./build-dashboard.mjs";
import { findNode } from "./find-node.mjs";
import { ensureInstalled } from "./install.mjs";
import { run } from "./run.mjs";
import { say, Stop } from "./say.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const vitest = "node_modules/vitest/vitest.mjs";

/**
 * @typedef {object} Command
 * @property {string} entry what runs under the right Node, from the root
 * @property {string[]} [args] before those given
 * @property {boolean} [dashboard] it shows screens, so they are built first
 * @property {boolean} [counts] it ends with the line `N passed, N failed`
 * @property {boolean} [attached] it may ask questions at the terminal
 */

/** @type {Record<string, Command>} */
const commands = {
  start: { entry: "packages/server/src/main.ts", dashboard: true },
  demo: { entry: "scenarios/demo/demo.ts", dashboard: true },
  dev: { entry: "launch/dev.mjs" },
  test: { entry: vitest, args: ["run"], dashboard: true, counts: true },
  check: { entry: vitest, args: ["run", "--project", "check"], counts: true },
  fix: { entry: "tests/fix.ts" },
  typecheck: { entry: "tests/typecheck.ts" },
  bench: { entry: "benchmarks/bench.ts" },
  simulator: { entry: "packages/simulators/src/run.ts" },
  onepool: { entry: "packages/server/src/cli/onepool.ts", attached: true },
  "new-connector": { entry: "launch/new-connector/new-connector.ts" },
  "db:dump": { entry: "packages/server/src/postgres/dump-schema.ts" },
};

const [name = "", ...given] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  say(`there is no command "${name}". Commands: ${Object.keys(commands).join(", ")}.`);
  process.exitCode = 2;
} else if (command.counts) {
  process.exitCode = await counted((env) => launch(command, env));
} else {
  process.exitCode = await launch(command, process.env);
}

/**
 * @param {Command} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code
 */
async function launch(command, env) {
  try {
    if (!existsSync(join(root, command.entry)) && !command.entry.startsWith("node_modules/"))
      throw new Stop(`"${name}" is not part of this version: ${command.entry} is missing.`);
    await ensureInstalled(root);
    const node = findNode(root);
    if (command.dashboard) await ensureDashboard(root, node);
    const ended = await run({
      node,
      args: [
        "--disable-warning=ExperimentalWarning",
        join(root, command.entry),
        ...(command.args ?? []),
        ...given,
      ],
      cwd: root,
      env: programEnvironment(env, node),
      attached: command.attached === true,
    });
    return ended.code;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(error.message);
    return 1;
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} node
 * @returns {NodeJS.ProcessEnv}
 */
function programEnvironment(env, node) {
  // npm moves to the root and leaves the folder the person stands in here; paths they type are meant from there.
  const underNpm =
    env.npm_lifecycle_event !== undefined && env.npm_package_json === join(root, "package.json");
  const standsIn = underNpm ? env.INIT_CWD : process.cwd();
  // What it starts in turn, by the name `node`, is the same Node.
  return { ...env, INIT_CWD: standsIn, PATH: `${dirname(node)}${delimiter}${env.PATH ?? ""}` };
}

/**
 * Ends a run of tests with its last line, whatever became of the run: one that could not even start has failed.
 * @param {(env: NodeJS.ProcessEnv) => Promise<number>} work
 * @returns {Promise<number>} the exit code
 */
async function counted(work) {
  const folder = mkdtempSync(join(tmpdir(), "onepool-test-"));
  const summary = join(folder, "summary");
  try {
    const code = await work({ ...process.env, ONEPOOL_TEST_SUMMARY: summary });
    const line = existsSync(summary) ? readFileSync(summary, "utf8").trim() : "0 passed, 1 failed";
    process.stdout.write(`${line}\n`);
    return code === 0 && !existsSync(summary) ? 1 : code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
