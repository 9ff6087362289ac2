import { randomUUID } from "node:crypto";
import { access, link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

import { failed, succeeded } from "../../contract/outcome.ts";
import type { FilePlace, OpenPlace, PlacedFile } from "./file-place.ts";

/**
 * Shows that whoever runs the machine wants the folder read: a seller's settings alone must not open any folder of the server. It
 * also tells an empty folder from one whose disk is not mounted.
 */
const CONSENT = ".onepool";

/** A folder of the machine that Onepool runs on. */
export function openFolder(folder: string): OpenPlace {
  return async (use) => {
    try {
      await access(join(folder, CONSENT));
    } catch (error) {
      if (!isSystemError(error)) throw error;
      const message = `${folder} is not opened for files: there is no file ${CONSENT} in it (touch ${join(folder, CONSENT)}).`;
      return failed({ kind: "auth", code: "folder_not_opened", message });
    }
    try {
      return succeeded(await use(placeOf(folder)));
    } catch (error) {
      if (!isSystemError(error)) throw error;
      const message = `${folder} could not be used: ${error.message}`;
      return failed({ kind: "transient", code: error.code ?? "folder", message });
    }
  };
}

function placeOf(folder: string): FilePlace {
  const at = (path: string): string => join(folder, path);
  return {
    async list() {
      const entries = await readdir(folder, { withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return (await Promise.all(files.map(({ name }) => placedFile(folder, name)))).flat();
    },
    read: (path) => readFile(at(path)),
    has: (path) => isThere(at(path)),
    async write(path, text) {
      await mkdir(dirname(at(path)), { recursive: true });
      const draft = join(dirname(at(path)), `.${randomUUID()}.tmp`);
      // On the disk before it has its name: a machine that dies meanwhile leaves no empty order.
      const file = await open(draft, "wx");
      try {
        await file.writeFile(text, "utf8");
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, at(path));
    },
    async move(from, to) {
      await mkdir(dirname(at(to)), { recursive: true });
      // A rename would replace what is there.
      await link(at(from), at(to));
      await rm(at(from));
    },
    async remove(path) {
      try {
        await rm(at(path));
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
  };
}

/** None where it went away since it was listed. */
async function placedFile(folder: string, name: string): Promise<PlacedFile[]> {
  try {
    const { size, mtimeMs } = await stat(join(folder, name));
    return [{ name, size, modifiedAt: Math.floor(mtimeMs) }];
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return isSystemError(error) && error.code === "ENOENT";
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
