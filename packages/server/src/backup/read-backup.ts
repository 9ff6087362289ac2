import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

import { BACKUP_FORMAT, BackupHeader, BackupManifest, END_OF_TABLE, TableStart } from "./backup-format.ts";
import { BackupRefused } from "./backup-refused.ts";

/** What a backup says, in the order it says it. `rows` come in pieces of whole lines. */
export type BackupEvent =
  | { readonly kind: "header"; readonly header: BackupHeader }
  | { readonly kind: "table"; readonly name: string; readonly columns: readonly string[] }
  | { readonly kind: "rows"; readonly bytes: Buffer; readonly count: number }
  | { readonly kind: "table_end" }
  | { readonly kind: "manifest"; readonly manifest: BackupManifest };

/**
 * Reads a backup from beginning to end and checks it while it goes: shape, order, counts and hashes. Throws `BackupRefused` at the first thing
 * that is wrong, so what came before must not be kept until it has ended.
 */
export async function* readBackup(file: string): AsyncGenerator<BackupEvent> {
  const parser = new BackupParser(file);
  const unpacked = createGunzip();
  const reading = pipeline(createReadStream(file), unpacked);
  // Its error comes out of the loop below as well.
  reading.catch(() => {});
  try {
    for await (const bytes of unpacked as AsyncIterable<Buffer>) yield* parser.push(bytes);
    await reading;
  } catch (error) {
    throw parser.explain(error);
  }
  parser.end();
}

const NEWLINE = 0x0a;

/** Where the parser stands: before the header, between tables, in a table's rows, after the manifest. */
type Place = "start" | "between" | "rows" | "end";

class BackupParser {
  readonly #file: string;
  readonly #whole = createHash("sha256");
  readonly #found: { name: string; rows: number; sha256: string }[] = [];
  #place: Place = "start";
  #header: BackupHeader | undefined;
  #pending: Buffer = Buffer.alloc(0);
  #ofTable = createHash("sha256");
  #rows = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes the next bytes and answers what they complete. */
  *push(bytes: Buffer): Generator<BackupEvent> {
    const text = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    let lineStart = 0;
    for (let at = text.indexOf(NEWLINE); at >= 0; at = text.indexOf(NEWLINE, lineStart)) {
      if (this.#place === "rows") {
        const { end, count } = endOfRows(text, lineStart);
        if (count > 0) yield this.#takeRows(text.subarray(lineStart, end), count);
        lineStart = end;
        if (!startsWithEnd(text, lineStart)) break;
        lineStart += END_LINE.length;
        yield this.#endTable();
      } else {
        yield this.#takeLine(text.subarray(lineStart, at + 1));
        lineStart = at + 1;
      }
    }
    this.#pending = text.subarray(lineStart);
  }

  /** To be called when there is no more. */
  end(): void {
    if (this.#place === "start") throw this.#notABackup();
    if (this.#place !== "end" || this.#pending.length > 0) throw this.#damaged("it is cut short");
  }

  /** What an error of the unpacker means; any other is answered as it is. */
  explain(error: unknown): unknown {
    const code = (error as { code?: unknown } | null)?.code;
    if (typeof code !== "string" || !/^Z_|^ERR_.*TRAILING/.test(code)) return error;
    return this.#place === "start"
      ? this.#notABackup(error)
      : this.#damaged("it is cut short or was changed", error);
  }

  #takeLine(line: Buffer): BackupEvent {
    if (this.#place === "end") throw this.#damaged("something follows its end");
    const value = parseJson(line);
    if (this.#place === "start") return this.#takeHeader(value, line);
    const table = TableStart.safeParse(value);
    if (table.success) return this.#startTable(table.data.table, line);
    return this.#takeManifest(value);
  }

  #takeHeader(value: unknown, line: Buffer): BackupEvent {
    const format = (value as { onepool?: unknown; format?: unknown } | null)?.format;
    if ((value as { onepool?: unknown } | null)?.onepool !== "backup") throw this.#notABackup();
    if (typeof format === "number" && format > BACKUP_FORMAT) {
      throw new BackupRefused(
        "backup_newer",
        `${this.#file} was written by a newer Onepool: restore it with that one.`,
      );
    }
    const header = BackupHeader.safeParse(value);
    if (!header.success) throw this.#damaged("its first line is not what was written");
    this.#whole.update(line);
    this.#header = header.data;
    this.#place = "between";
    return { kind: "header", header: header.data };
  }

  #startTable(name: string, line: Buffer): BackupEvent {
    const table = this.#header?.tables[this.#found.length];
    if (table === undefined || table.name !== name)
      throw this.#damaged(`table ${name} stands where it should not`);
    this.#whole.update(line);
    this.#ofTable = createHash("sha256");
    this.#rows = 0;
    this.#place = "rows";
    return { kind: "table", name, columns: table.columns };
  }

  #takeRows(bytes: Buffer, count: number): BackupEvent {
    this.#whole.update(bytes);
    this.#ofTable.update(bytes);
    this.#rows += count;
    return { kind: "rows", bytes, count };
  }

  #endTable(): BackupEvent {
    this.#whole.update(END_LINE);
    const name = this.#header?.tables[this.#found.length]?.name ?? "";
    this.#found.push({ name, rows: this.#rows, sha256: this.#ofTable.digest("hex") });
    this.#place = "between";
    return { kind: "table_end" };
  }

  #takeManifest(value: unknown): BackupEvent {
    const manifest = BackupManifest.safeParse(value);
    if (!manifest.success) throw this.#damaged("a line between its tables is not what was written");
    if (this.#found.length !== this.#header?.tables.length) throw this.#damaged("tables are missing");
    if (this.#whole.digest("hex") !== manifest.data.sha256)
      throw this.#damaged("it was changed after it was written");
    const differing = manifest.data.tables.find((table, index) => !isSameTable(table, this.#found[index]));
    if (differing !== undefined)
      throw this.#damaged(`the rows of ${differing.name} are not those that were written`);
    this.#place = "end";
    return { kind: "manifest", manifest: manifest.data };
  }

  #damaged(how: string, cause?: unknown): BackupRefused {
    return new BackupRefused(
      "backup_damaged",
      `${this.#file} is damaged (${how}): use another backup.`,
      cause,
    );
  }

  #notABackup(cause?: unknown): BackupRefused {
    return new BackupRefused(
      "not_a_backup",
      `${this.#file} is not a backup of Onepool: check the name.`,
      cause,
    );
  }
}

const END_LINE = Buffer.from(`${END_OF_TABLE}\n`);

/** How far whole rows go from `start`, and how many they are: to the end of the table, or of what is there. */
function endOfRows(text: Buffer, start: number): { end: number; count: number } {
  let end = start;
  let count = 0;
  while (!startsWithEnd(text, end)) {
    const newline = text.indexOf(NEWLINE, end);
    if (newline < 0) break;
    end = newline + 1;
    count += 1;
  }
  return { end, count };
}

function startsWithEnd(text: Buffer, at: number): boolean {
  return (
    text.length >= at + END_LINE.length &&
    text.compare(END_LINE, 0, END_LINE.length, at, at + END_LINE.length) === 0
  );
}

function isSameTable(
  one: BackupManifest["tables"][number],
  other: BackupManifest["tables"][number] | undefined,
): boolean {
  return (
    other !== undefined && one.name === other.name && one.rows === other.rows && one.sha256 === other.sha256
  );
}

function parseJson(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return undefined;
  }
}
