import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";

import type { Settings } from "./settings.ts";

export type SecretKeyAnswer =
  | { readonly ok: true; readonly secretKey: string; readonly made: boolean }
  | { readonly ok: false; readonly sentence: string };

/** The file in the data folder that keeps the secret key when ONEPOOL_SECRET_KEY is not given. */
const SECRET_KEY_FILE = "secret-key";

/** Bits 0077: what group and others may do. */
const OTHERS_MODE = 0o077;

/** ONEPOOL_SECRET_KEY as given, else the one in the data folder, which is made at the first start. */
export async function resolveSecretKey(
  settings: Pick<Settings, "secretKey" | "dataFolder">,
): Promise<SecretKeyAnswer> {
  if (settings.secretKey !== undefined) return { ok: true, secretKey: settings.secretKey, made: false };
  const file = path.join(settings.dataFolder, SECRET_KEY_FILE);
  try {
    await mkdir(settings.dataFolder, { recursive: true, mode: 0o700 });
    const made = await makeKeyFile(file);
    return await readKeyFile(file, made);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return {
      ok: false,
      sentence: `The secret key in ${file} cannot be read or made (${code}): let the user of this process read and write that folder, or set ONEPOOL_SECRET_KEY.`,
    };
  }
}

async function readKeyFile(file: string, made: boolean): Promise<SecretKeyAnswer> {
  const { mode } = await stat(file);
  // Copied or restored with wider permissions: closed again before it is used.
  if ((mode & OTHERS_MODE) !== 0) await chmod(file, 0o600);
  const secretKey = (await readFile(file, "utf8")).trim();
  if (secretKey.length >= 16) return { ok: true, secretKey, made };
  return {
    ok: false,
    sentence: `The secret key in ${file} is damaged: restore that file from a backup, or remove it and enter the marketplace credentials again.`,
  };
}

/** Makes the file unless it is there. Whole or not at all, also when two starters race or the power fails. */
async function makeKeyFile(file: string): Promise<boolean> {
  if (await exists(file)) return false;
  const aside = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const handle = await open(aside, "wx", 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString("hex")}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    // Unlike a rename, a link never replaces the key another starter has just made.
    await link(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    await rm(aside, { force: true });
  }
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
}
