import { randomBytes } from "node:crypto";
import { chown, mkdtemp, open, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { clusterArgument } from "./cluster-argument.ts";
import { DatabaseRefused } from "./database-refused.ts";
import { EMBEDDED_MAJOR } from "./embedded-binaries.ts";
import { EMBEDDED_DATABASE, EMBEDDED_ROLE, type EmbeddedFolder } from "./embedded-folder.ts";
import { explainFailure } from "./explain-failure.ts";
import type { PostgresAccount } from "./postgres-account.ts";
import { type ProgramCall, runProgram } from "./run-program.ts";
import { codeOf } from "./sqlstate.ts";

/** What making or opening a cluster folder needs. */
export type ClusterParts = {
  readonly folder: EmbeddedFolder;
  /** The folder with `bin/postgres`. */
  readonly binaries: string;
  readonly account: PostgresAccount;
};

/** Makes the cluster if there is none, refuses one of another major version, answers the password of its role. */
export async function prepareCluster(parts: ClusterParts): Promise<string> {
  const { folder } = parts;
  await removeUnfinished(folder);
  const major = await readMajor(folder.cluster);
  if (major === null) return makeCluster(parts);
  refuseOtherMajor(major, folder.dataFolder);
  return (await readPassword(folder)) ?? resetPassword(parts);
}

async function readMajor(cluster: string): Promise<number | null> {
  try {
    return Number((await readFile(path.join(cluster, "PG_VERSION"), "utf8")).trim());
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

function refuseOtherMajor(major: number, dataFolder: string): void {
  if (major === EMBEDDED_MAJOR) return;
  if (major > EMBEDDED_MAJOR) {
    throw new DatabaseRefused(
      "folder_newer",
      `The data folder ${dataFolder} was written by PostgreSQL ${major}, newer than the ${EMBEDDED_MAJOR} this Onepool brings: start the newer Onepool that wrote it, or set ONEPOOL_DATA to another folder.`,
    );
  }
  throw new DatabaseRefused(
    "folder_older",
    `The data folder ${dataFolder} was written by PostgreSQL ${Number.isNaN(major) ? "of an unknown version" : major}, this Onepool brings ${EMBEDDED_MAJOR}: run "onepool backup FILE" with the Onepool that wrote it, then "onepool restore FILE" with this one into another ONEPOOL_DATA.`,
  );
}

/** Made aside and renamed into place when it is whole, so that an interrupted first start leaves nothing half. */
async function makeCluster(parts: ClusterParts): Promise<string> {
  const { folder, account } = parts;
  await refuseStrayFolder(folder.cluster);
  const unfinished = await mkdtemp(folder.unfinishedPrefix);
  try {
    if (account !== null) await chown(unfinished, account.uid, account.gid);
    const password = (await readPassword(folder)) ?? (await writePassword(folder));
    await fillCluster(parts, unfinished, password);
    await rename(unfinished, folder.cluster);
    await flushFolder(folder.dataFolder);
    return password;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The superuser `postgres` has no password and so can never sign in; the server is the plain role `onepool`, which owns its database.
 */
async function fillCluster(parts: ClusterParts, unfinished: string, password: string): Promise<void> {
  const folderArguments = [
    "-D",
    clusterArgument(unfinished, parts.account),
    "-U",
    "postgres",
    "--auth=trust",
  ];
  await runOrRefuse(parts, "initdb", {
    // Sorts by bytes like C, but knows that É is the capital of é.
    args: [
      ...folderArguments,
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
    ],
    workingFolder: unfinished,
  });
  await runSingleUser(parts, unfinished, [
    `create role ${EMBEDDED_ROLE} login createdb password '${password}'`,
    `create database ${EMBEDDED_DATABASE} owner ${EMBEDDED_ROLE}`,
  ]);
  // Nothing but a password opens it. The file keeps the owner initdb gave it.
  await writeDurably(
    path.join(unfinished, "pg_hba.conf"),
    "# Written by Onepool.\nlocal all all scram-sha-256\n",
  );
}

/**
 * Removes what an interrupted first start left; only the holder of the folder's lock comes here. Its initdb may outlive it by a second and go on
 * making files: hence a new name every time, and more than one attempt.
 */
async function removeUnfinished(folder: EmbeddedFolder): Promise<void> {
  for (const name of await readdir(folder.dataFolder)) {
    const found = path.join(folder.dataFolder, name);
    if (found.startsWith(folder.unfinishedPrefix))
      await rm(found, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** A folder without PG_VERSION is not one of ours, or has lost its heart: neither may be written over. An empty one may. */
async function refuseStrayFolder(cluster: string): Promise<void> {
  try {
    await rmdir(cluster);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw new DatabaseRefused(
      "folder_broken",
      `${cluster} exists but holds no PostgreSQL cluster: move it away, and run "onepool restore FILE" if it held your data.`,
      error,
    );
  }
}

async function readPassword(folder: EmbeddedFolder): Promise<string | null> {
  try {
    const password = (await readFile(folder.password, "utf8")).trim();
    return /^[0-9a-f]{64}$/.test(password) ? password : null;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

async function writePassword(folder: EmbeddedFolder): Promise<string> {
  const password = randomBytes(32).toString("hex");
  await rm(`${folder.password}.new`, { force: true });
  await writeDurably(`${folder.password}.new`, `${password}\n`);
  await rename(`${folder.password}.new`, folder.password);
  await flushFolder(folder.dataFolder);
  return password;
}

/** The password file was lost: who owns the data folder may set another. */
async function resetPassword(parts: ClusterParts): Promise<string> {
  const password = await writePassword(parts.folder);
  await runSingleUser(parts, parts.folder.cluster, [`alter role ${EMBEDDED_ROLE} password '${password}'`]);
  return password;
}

/** PostgreSQL without a network, for what has to be said before anyone can sign in. One statement per line. */
async function runSingleUser(
  parts: ClusterParts,
  cluster: string,
  statements: readonly string[],
): Promise<void> {
  await runOrRefuse(parts, "postgres", {
    args: [
      "--single",
      "-D",
      clusterArgument(cluster, parts.account),
      "-c",
      "log_statement=none",
      "-c",
      "exit_on_error=on",
      "postgres",
    ],
    workingFolder: cluster,
    stdin: statements.map((statement) => `${statement}\n`).join(""),
  });
}

async function runOrRefuse(
  parts: ClusterParts,
  program: "initdb" | "postgres",
  call: Pick<ProgramCall, "args" | "workingFolder" | "stdin">,
): Promise<void> {
  const result = await runProgram({
    ...call,
    binary: path.join(parts.binaries, "bin", program),
    account: parts.account,
  });
  if (result.exitCode === 0) return;
  throw explainFailure(result.startError?.message ?? result.output, parts.folder);
}

async function writeDurably(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600, flush: true });
}

/** A rename is durable once the folder that holds the name is. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
