import { accessSync, constants, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { run } from "./run.mjs";
import { say, Stop } from "./say.mjs";

/**
 * Runs npm to install what a folder's lockfile asks for.
 * @param {string} folder
 * @param {string[]} command such as `["ci"]`
 * @param {(pid: number) => void} alsoHeldBy is told npm's pid, for the lock that the caller holds
 * @returns {Promise<{ code: number, stopped: boolean, errors: string }>} `errors`: what npm said of them
 */
export async function npm(folder, command, alsoHeldBy) {
  const cache = usableCache();
  let errors = "";
  try {
    const ended = await run({
      node: process.env.npm_node_execpath ?? process.execPath,
      // Install scripts are not needed (postgres-links.mjs does what the only one would do), so none are run.
      // Everything is included, whatever NODE_ENV says: the dashboard is built and the tests run from here.
      args: [
        npmProgram(),
        ...command,
        "--ignore-scripts",
        "--include=dev",
        "--include=optional",
        "--no-audit",
        "--no-fund",
        "--no-progress",
        "--loglevel=error",
        ...cache.args,
      ],
      cwd: folder,
      env: npmEnvironment(),
      // npm heeds no signal while it unpacks; half an install is made good by the next start.
      abrupt: true,
      stdio: ["ignore", 2, "pipe"],
      onStart: (child) => {
        if (child.pid !== undefined) alsoHeldBy(child.pid);
        child.stderr?.on("data", (chunk) => {
          errors += chunk;
        });
      },
    });
    return { ...ended, errors };
  } finally {
    cache.remove();
  }
}

/** The settings of an outer `npm start` that would make an inner `npm ci` do something else. */
function npmEnvironment() {
  const env = { ...process.env };
  for (const name of [
    "local_prefix",
    "workspace",
    "workspaces",
    "include_workspace_root",
    "omit",
    "only",
    "production",
    "global",
    "dry_run",
  ])
    delete env[`npm_config_${name}`];
  return env;
}

/** @returns {string} path of npm's own program */
export function npmProgram() {
  const outer = process.env.npm_execpath;
  const beside = dirname(process.execPath);
  const candidates = [
    // Only npm: yarn and pnpm name themselves here, too.
    outer?.endsWith("npm-cli.js") ? outer : undefined,
    join(beside, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    join(beside, "node_modules", "npm", "bin", "npm-cli.js"),
    ...(process.env.PATH ?? "").split(delimiter).map((folder) => realPath(join(folder, "npm"))),
  ];
  const found = candidates.find((path) => path?.endsWith("npm-cli.js") && existsSync(path));
  if (found === undefined)
    throw new Stop("npm was not found, and the packages have to be installed. Install npm and start again.");
  return found;
}

/** @param {string} path */
function realPath(path) {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/**
 * npm stops where it cannot write its cache: a home that does not exist, or files that a `sudo npm` left behind.
 * Then this one install gets a cache of its own.
 * @returns {{ args: string[], remove: () => void }}
 */
function usableCache() {
  const cache = process.env.npm_config_cache ?? join(homedir(), ".npm");
  if (isWritableTree(cache)) return { args: [], remove: () => undefined };
  const own = mkdtempSync(join(tmpdir(), "onepool-npm-"));
  say(`npm's cache ${cache} cannot be written; using ${own} for this install.`);
  return { args: [`--cache=${own}`], remove: () => rmSync(own, { recursive: true, force: true }) };
}

/**
 * Looks at the folders npm writes to, three levels down; their files are replaced, never changed.
 * @param {string} folder
 */
function isWritableTree(folder) {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  if (!isWritable(existing)) return false;
  if (existing !== folder) return true;
  const store = join(folder, "_cacache");
  if (!existsSync(store)) return true;
  return (
    isWritable(store) &&
    foldersIn(store).every((child) => isWritable(child) && foldersIn(child).every(isWritable))
  );
}

/** @param {string} folder */
function foldersIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name));
}

/** @param {string} path */
function isWritable(path) {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
