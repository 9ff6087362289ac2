import { readdir, readFile } from "node:fs/promises";

import type { Database } from "@onepool/server/postgres/open-database.ts";

/** Linux's accounts of processes; elsewhere nothing here can be told. */
const PROC = "/proc";

/** The memory a process holds, shared pages counted in full, in megabytes (10^6 bytes); null where the system does not tell. */
export async function residentMegabytes(pid: number): Promise<number | null> {
  return kilobytesIn(await textOf(`${PROC}/${pid}/status`), "VmRSS");
}

/**
 * The memory of a process and all below it, in megabytes. Pages that several of them share are counted once (proportional set size): PostgreSQL's
 * processes all show the same shared buffers.
 */
export async function treeMegabytes(root: number): Promise<number | null> {
  let total = 0;
  for (const pid of await treeOf(root)) {
    const own = kilobytesIn(await textOf(`${PROC}/${pid}/smaps_rollup`), "Pss");
    if (own === null) return null;
    total += own;
  }
  return total === 0 ? null : total;
}

/** PostgreSQL's first process, if it runs on this machine and answers over a socket file; else null. */
export async function postmasterPid(database: Database): Promise<number | null> {
  if (!new URL(database.url).searchParams.get("host")?.startsWith("/")) return null;
  const { rows } = await database.pool.query<{ pid: number }>("select pg_backend_pid() as pid");
  const parent = /^PPid:\s*(\d+)/m.exec(await textOf(`${PROC}/${rows[0]?.pid}/status`))?.[1];
  return parent === undefined ? null : Number(parent);
}

async function treeOf(root: number): Promise<readonly number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir(PROC).catch(() => [])) {
    const parent = /^PPid:\s*(\d+)/m.exec(
      /^\d+$/.test(name) ? await textOf(`${PROC}/${name}/status`) : "",
    )?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const tree = [root];
  // Children join at the end of the list while it is walked.
  for (const member of tree) for (const [pid, parent] of parents) if (parent === member) tree.push(pid);
  return tree;
}

/** Empty when the process is gone or not ours to look at. */
function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}

function kilobytesIn(text: string, name: string): number | null {
  const kilobytes = new RegExp(`^${name}:\\s*(\\d+) kB`, "m").exec(text)?.[1];
  return kilobytes === undefined ? null : (Number(kilobytes) * 1024) / 1_000_000;
}
