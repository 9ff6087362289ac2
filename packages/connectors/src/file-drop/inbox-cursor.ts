// What was seen of the files in a place, as one text: the cursor of `collect`.
import { z } from "zod";

/** A file as it stood at the last look. */
export interface SeenFile {
  readonly size: number;
  readonly modifiedAt: number;
  /** When it first stood so. */
  readonly seenAt: number;
  /** Of its bytes, once it was read; null before. */
  readonly sha256: string | null;
}

/** What is known at a look. */
export interface InboxState {
  /** By name. */
  readonly files: ReadonlyMap<string, SeenFile>;
  /** Of the bytes read last, the oldest first: files are sent again whole, under any name. */
  readonly readBytes: readonly string[];
}

/** More than a keeper sends in the days in which it may send something again. */
const REMEMBERED = 500;

const cursorSchema = z.object({
  files: z.record(z.string(), z.tuple([z.number(), z.number(), z.number(), z.string().nullable()])),
  read: z.array(z.string()),
});

/** Nothing is known where there is no cursor, or none of ours: files are then looked at anew, and their facts are the same. */
export function readCursor(cursor: string | null): InboxState {
  const read = cursorSchema.safeParse(cursor === null ? null : parsed(cursor));
  if (!read.success) return { files: new Map(), readBytes: [] };
  const files = Object.entries(read.data.files).map(
    ([name, [size, modifiedAt, seenAt, sha256]]) => [name, { size, modifiedAt, seenAt, sha256 }] as const,
  );
  return { files: new Map(files), readBytes: read.data.read };
}

export function writeCursor({ files, readBytes }: InboxState): string {
  const entries = [...files].map(([name, { size, modifiedAt, seenAt, sha256 }]) => [
    name,
    [size, modifiedAt, seenAt, sha256],
  ]);
  return JSON.stringify({
    files: Object.fromEntries(entries) as object,
    read: readBytes.slice(-REMEMBERED),
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
