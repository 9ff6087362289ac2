import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { startEmbedded } from "../postgres/embedded.ts";

let prepared: Promise<string> | undefined;
const made: string[] = [];

/** A new data folder, empty. As root nobody else can enter its parent. */
export async function emptyDataFolder(): Promise<string> {
  const parent = await mkdtemp(path.join(os.tmpdir(), "onepool-data-"));
  made.push(parent);
  return path.join(parent, "data");
}

/** A data folder with a new cluster, copied from one that this file made once. */
export async function preparedDataFolder(): Promise<string> {
  prepared ??= prepare();
  const folder = await emptyDataFolder();
  // Node's own copy does not keep the owner.
  await promisify(execFile)("cp", ["-a", await prepared, folder]);
  return folder;
}

/** Removes every folder made here. For `afterAll`, when nothing runs in them any more. */
export async function removeDataFolders(): Promise<void> {
  prepared = undefined;
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
}

async function prepare(): Promise<string> {
  const dataFolder = await emptyDataFolder();
  const started = await startEmbedded({ dataFolder });
  if (!started.ok) throw new Error(started.sentence);
  await started.embedded.stop();
  return dataFolder;
}
