import { readFile } from "node:fs/promises";

import { findPostmaster } from "./cluster-process.ts";
import { embeddedFolder } from "./embedded-folder.ts";
import { embeddedUrl } from "./embedded-url.ts";

/** The address of the PostgreSQL that another process of ours runs in this data folder; null when none runs. */
export async function attachEmbedded(dataFolder: string): Promise<string | null> {
  const folder = embeddedFolder(dataFolder);
  if ((await findPostmaster(folder.cluster)) === null) return null;
  return embeddedUrl(folder.cluster, (await readFile(folder.password, "utf8")).trim());
}
