import { createHash } from "node:crypto";

import { allFiles, textOf } from "./repository.ts";

/** Where the hashes of the migrations that have landed are kept: file name to SHA-256. */
export const hashList = "packages/server/migrations/hashes.json";

/** The migrations as they stand, in order: file name and SHA-256 of each. */
export function migrations(): [name: string, hash: string][] {
  return allFiles()
    .filter((path) => /^packages\/server\/migrations\/[^/]+\.sql$/.test(path))
    .map((path) => [path.split("/").at(-1) ?? "", createHash("sha256").update(textOf(path)).digest("hex")]);
}

/** What the list says has landed. */
export function landed(): Record<string, string> {
  return JSON.parse(textOf(hashList));
}
