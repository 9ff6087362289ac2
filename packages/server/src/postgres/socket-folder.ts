import { createHash } from "node:crypto";
import { lstat, mkdtemp, readlink, rm, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { EMBEDDED_SOCKET_NUMBER } from "./embedded-folder.ts";
import { codeOf } from "./sqlstate.ts";

/** Longest path of a socket, in bytes without the closing NUL: 103 on macOS, 107 on Linux. */
const SOCKET_PATH_LIMIT_BYTES = 103;

/**
 * The folder a client names to reach the cluster's socket. The socket lies in the cluster folder itself (private, gone with it);
 * where that path is too long for a socket address a short link in the temporary folder leads there.
 */
export async function socketFolder(clusterFolder: string): Promise<string> {
  if (fits(clusterFolder)) return clusterFolder;
  for (const link of linksTo(clusterFolder)) if (await makeLink(link, clusterFolder)) return link;
  // Somebody else put something under our names: take one nobody can guess.
  const link = path.join(await mkdtemp("/tmp/onepool-"), "postgres");
  await symlink(clusterFolder, link);
  return link;
}

/** Takes the short link away when nobody needs it any more. */
export async function removeSocketLink(clusterFolder: string): Promise<void> {
  for (const link of linksTo(clusterFolder)) {
    if ((await readlink(link).catch(() => "")) === clusterFolder) await rm(link, { force: true });
  }
}

/** Where a short link may lie; none where the folder needs none. */
function linksTo(clusterFolder: string): readonly string[] {
  if (fits(clusterFolder)) return [];
  const hash = createHash("sha256").update(clusterFolder).digest("hex").slice(0, 16);
  return [os.tmpdir(), "/tmp"]
    .map((parent) => path.join(parent, `onepool-${process.getuid?.() ?? 0}-${hash}`))
    .filter(fits);
}

function fits(folder: string): boolean {
  return (
    Buffer.byteLength(path.join(folder, `.s.PGSQL.${EMBEDDED_SOCKET_NUMBER}`)) <= SOCKET_PATH_LIMIT_BYTES
  );
}

/** False when the name is taken by another user. The password keeps a false server from learning anything of use. */
async function makeLink(link: string, target: string): Promise<boolean> {
  try {
    await symlink(target, link);
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  const found = await lstat(link);
  if (found.uid !== process.getuid?.() || !found.isSymbolicLink()) return false;
  if ((await readlink(link)) === target) return true;
  await rm(link);
  return makeLink(link, target);
}
