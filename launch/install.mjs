import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { carriedNode, runs } from "./find-node.mjs";
import { withLock } from "./lock.mjs";
import { ensurePostgresLinks } from "./postgres-links.mjs";
import { run } from "./run.mjs";
import { say, Stop } from "./say.mjs";

/**
 * Installs the locked packages when package-lock.json changed since the last time. Safe with two starters at once:
 * one installs, the other waits and finds it done.
 * @param {string} root
 */
export async function ensureInstalled(root) {
  if (!isCurrent(root)) {
    await withLock(join(root, ".onepool-install.lock"), "installing the packages", async (alsoHeldBy) => {
      if (isCurrent(root)) return;
      if (!matchesLockfile(root)) await install(root, alsoHeldBy);
      dropForeignNode(root);
      ensurePostgresLinks(root);
      writeFileSync(stampPath(root), `${fingerprint(root)}\n`);
    });
  }
  ensurePostgresLinks(root);
}

/** @param {string} root */
function stampPath(root) {
  // Inside node_modules, so that removing that folder removes the stamp with it.
  return join(root, "node_modules", ".onepool-installed");
}

/** @param {string} root */
function isCurrent(root) {
  const path = stampPath(root);
  return existsSync(path) && readFileSync(path, "utf8").trim() === fingerprint(root);
}

/** @param {string} root */
function fingerprint(root) {
  const lockfile = readFileSync(join(root, "package-lock.json"));
  return `${process.platform}-${process.arch} ${createHash("sha256").update(lockfile).digest("hex")}`;
}

/**
 * Whether somebody ran npm by hand and node_modules already holds what the lockfile asks for. npm writes its own
 * account of node_modules as the last thing it does, so a broken-off install has none or an older one.
 * @param {string} root
 */
function matchesLockfile(root) {
  const accountPath = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(accountPath)) return false;
  const wanted = packagesIn(join(root, "package-lock.json"));
  const present = packagesIn(accountPath);
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith("node_modules/")) continue;
    const found = present[path];
    // Optional packages for other machines are absent by right.
    if (found === undefined ? entry.optional !== true : found.integrity !== entry.integrity) return false;
    if (found !== undefined && !existsSync(join(root, path))) return false;
  }
  return Object.keys(present).every((path) => wanted[path] !== undefined);
}

/**
 * @param {string} path of a lockfile
 * @returns {Record<string, { integrity?: string, optional?: boolean }>}
 */
function packagesIn(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages ?? {};
}

/**
 * @param {string} root
 * @param {(pid: number) => void} alsoHeldBy
 */
async function install(root, alsoHeldBy) {
  say("installing packages, once …");
  let ended = await npm(root, ["ci"], alsoHeldBy);
  // A package.json asks for something the lockfile does not have: npm ci refuses that, npm install finds it.
  if (ended.errors.includes("EUSAGE")) ended = await npm(root, ["install", "--no-save"], alsoHeldBy);
  if (ended.code === 0) return;
  if (ended.stopped) process.exit(130);
  process.stderr.write(ended.errors);
  throw new Stop(
    "the packages could not be installed; npm's own words are above. Once that is mended, start again: it goes on from there.",
  );
}

/**
 * @param {string} root
 * @param {string[]} command
 * @param {(pid: number) => void} alsoHeldBy
 */
async function npm(root, command, alsoHeldBy) {
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
      cwd: root,
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

/**
 * npm puts the Node it brought first on the path of its scripts. Where that binary does not run, `npm start` would
 * no longer find the machine's own Node.
 * @param {string} root
 */
function dropForeignNode(root) {
  const carried = carriedNode(root);
  const link = join(root, "node_modules", ".bin", "node");
  if (carried !== undefined && !runs(carried) && existsSync(link)) unlinkSync(link);
}
