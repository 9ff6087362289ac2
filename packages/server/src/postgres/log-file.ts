import { type FileHandle, open, rename, stat } from "node:fs/promises";

import { codeOf } from "./sqlstate.ts";

/** A log beyond this many bytes is put aside at the next start; one older generation is kept. */
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/** Opens PostgreSQL's log for appending. */
export async function openLogFile(file: string): Promise<FileHandle> {
  if ((await sizeOf(file)) > LOG_LIMIT_BYTES) await rename(file, `${file}.1`);
  return open(file, "a", 0o600);
}

/** How far the log goes now, to read later what was said after. */
export async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return 0;
    throw error;
  }
}

/** Reads what the log gained after `offset`, its last 64 KiB at most. */
export async function readLogAfter(file: string, offset: number): Promise<string> {
  const size = await sizeOf(file);
  const from = Math.max(offset, size - 64 * 1024);
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.max(0, size - from)), {
      position: from,
    });
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
