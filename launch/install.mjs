import { createHash } from "node:crypto";
import { existsSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { carriedNode, runs } from "./find-node.mjs";
import { withLock } from "./lock.mjs";
import { npm } from "./npm.mjs";
import { ensurePostgresLinks } from "./postgres-links.mjs";
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
 * npm puts the Node it brought first on the path of its scripts. Where that binary does not run, `npm start` would
 * no longer find the machine's own Node.
 * @param {string} root
 */
function dropForeignNode(root) {
  const carried = carriedNode(root);
  const link = join(root, "node_modules", ".bin", "node");
  if (carried !== undefined && !runs(carried) && existsSync(link)) unlinkSync(link);
}
