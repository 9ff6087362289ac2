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
  const hash = createHash("sha256").update(clusterFolder).digest("hex").slice(0, 16);
  for (const parent of [os.tmpdir(), "/tmp"]) {
    const link = path.join(parent, `onepool-${process.getuid?.() ?? 0}-${hash}`);
    if (fits(link) && (await makeLink(link, clusterFolder))) return link;
  }
  // Somebody else put something under our name: take one nobody can guess.
  const link = path.join(await mkdtemp("/tmp/onepool-"), "postgres");
  await symlink(clusterFolder, link);
  return link;
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
