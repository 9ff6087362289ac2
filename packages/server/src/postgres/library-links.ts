import { readFile, stat, symlink } from "node:fs/promises";
import path from "node:path";

import { codeOf } from "./sqlstate.ts";

/**
 * Makes the library symlinks that the platform package's install script would have made, for installs where such
 * scripts are blocked. Links that exist are left alone; several processes may do this at once.
 */
export async function makeLibraryLinks(nativeFolder: string): Promise<void> {
  const listed = await readLinkList(nativeFolder);
  await Promise.all(
    listed.map(async (link) => {
      const target = path.join(nativeFolder, "..", link.target);
      if (await exists(target)) return;
      // Relative, so that the links survive a move or a copy of the folder.
      const source = path.relative(path.dirname(target), path.join(nativeFolder, "..", link.source));
      try {
        await symlink(source, target);
      } catch (error) {
        // Another starter was quicker.
        if (codeOf(error) !== "EEXIST") throw error;
      }
    }),
  );
}

/** `source` is the real file, `target` the name to make; both relative to the package. */
type LibraryLink = { readonly source: string; readonly target: string };

async function readLinkList(nativeFolder: string): Promise<readonly LibraryLink[]> {
  try {
    return JSON.parse(await readFile(path.join(nativeFolder, "pg-symlinks.json"), "utf8")) as LibraryLink[];
  } catch (error) {
    // Packages for some platforms need no links and bring no list.
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}
