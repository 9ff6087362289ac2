import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";

import { withLock } from "./lock.mjs";
import { npmProgram } from "./npm.mjs";
import { run } from "./run.mjs";
import { say, Stop } from "./say.mjs";

/** What a build makes, and what npm keeps beside the sources; neither is a source. */
const notSources = new Set(["dist", "node_modules"]);

/**
 * Builds the dashboard when its sources, or the packages it is built with, changed since the last time.
 * @param {string} root
 * @param {string} node to build under
 */
export async function ensureDashboard(root, node) {
  const dashboard = join(root, "packages", "dashboard");
  if (!hasBuildScript(dashboard) || isCurrent(root, dashboard)) return;
  await withLock(join(root, ".onepool-build.lock"), "building the dashboard", async (alsoHeldBy) => {
    if (isCurrent(root, dashboard)) return;
    say("building the dashboard …");
    const ended = await run({
      node,
      args: [npmProgram(), "run", "build", "--silent"],
      cwd: dashboard,
      // npm's scripts find `node` on the path: let that be the one we chose.
      env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` },
      abrupt: true,
      stdio: ["ignore", 2, 2],
      onStart: (child) => {
        if (child.pid !== undefined) alsoHeldBy(child.pid);
      },
    });
    if (ended.stopped) process.exit(130);
    if (ended.code !== 0)
      throw new Stop("the dashboard could not be built; the builder's own words are above.");
    writeFileSync(stampPath(dashboard), `${fingerprint(root, dashboard)}\n`);
  });
}

/** @param {string} dashboard */
function hasBuildScript(dashboard) {
  const path = join(dashboard, "package.json");
  return existsSync(path) && JSON.parse(readFileSync(path, "utf8")).scripts?.build !== undefined;
}

/** @param {string} dashboard */
function stampPath(dashboard) {
  // Inside what was built, so that removing that removes the stamp with it.
  return join(dashboard, "dist", ".built-from");
}

/**
 * @param {string} root
 * @param {string} dashboard
 */
function isCurrent(root, dashboard) {
  const path = stampPath(dashboard);
  return existsSync(path) && readFileSync(path, "utf8").trim() === fingerprint(root, dashboard);
}

/**
 * @param {string} root
 * @param {string} dashboard
 */
function fingerprint(root, dashboard) {
  const hash = createHash("sha256");
  for (const path of [join(root, "package-lock.json"), ...sourcesIn(dashboard)]) {
    const content = readFileSync(path);
    hash.update(`${relative(root, path)} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/**
 * @param {string} folder
 * @returns {string[]} paths, in an order that does not change
 */
function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !notSources.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? sourcesIn(path) : [path];
    });
}
