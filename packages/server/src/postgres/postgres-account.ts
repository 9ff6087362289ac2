import { lstat, readFile } from "node:fs/promises";

import { DatabaseRefused } from "./database-refused.ts";
import { codeOf } from "./sqlstate.ts";

/** The user PostgreSQL runs as. Null: as we do ourselves, which is right for anyone but root. */
export type PostgresAccount = { readonly uid: number; readonly gid: number } | null;

/** Accounts that exist on nearly every machine, best first. None is ever created. */
const PREFERRED_ACCOUNTS = ["postgres", "nobody"];

/**
 * PostgreSQL refuses to run as root. As root: the owner of an existing cluster folder, else an existing unprivileged
 * account. It needs an entry in the account list, because initdb looks its own name up.
 */
export async function chooseAccount(clusterFolder: string): Promise<PostgresAccount> {
  if (process.geteuid?.() !== 0) return null;
  const owner = await ownerOf(clusterFolder);
  if (owner !== null && owner.uid !== 0) return owner;
  const accounts = await readAccounts();
  for (const name of PREFERRED_ACCOUNTS) {
    const account = accounts.get(name);
    if (account !== undefined && account.uid !== 0) return account;
  }
  throw new DatabaseRefused(
    "account_missing",
    'PostgreSQL cannot run as root and this machine has neither a "postgres" nor a "nobody" account: start Onepool as an ordinary user, or set DATABASE_URL.',
  );
}

async function ownerOf(folder: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const { uid, gid } = await lstat(folder);
    return { uid, gid };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

async function readAccounts(): Promise<Map<string, { uid: number; gid: number }>> {
  const accounts = new Map<string, { uid: number; gid: number }>();
  for (const line of (await readFile("/etc/passwd", "utf8")).split("\n")) {
    const [name, , uid, gid] = line.split(":");
    if (name !== undefined && uid !== undefined && gid !== undefined)
      accounts.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return accounts;
}
