import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * The address of the server that runs on a data folder, in a file there: commands print links to it, whatever port it
 * was given. Only words for people; nothing depends on it.
 */
const ADDRESS_FILE = "server-url";

/** Leaves the address; answers what removes it. */
export async function leaveServerAddress(dataFolder: string, url: string): Promise<() => Promise<void>> {
  const file = path.join(dataFolder, ADDRESS_FILE);
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await writeFile(file, `${url}\n`, { mode: 0o600 });
  return () => rm(file, { force: true });
}

/** The address last left; null if the server stopped in order or never ran. */
export async function readServerAddress(dataFolder: string): Promise<string | null> {
  try {
    return (await readFile(path.join(dataFolder, ADDRESS_FILE), "utf8")).trim();
  } catch {
    return null;
  }
}
