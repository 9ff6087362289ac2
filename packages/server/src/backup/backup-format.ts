/**
 * A backup is a gzip file of lines:
 *
 *   {"onepool":"backup","format":1,"schemaNumber":3,"tables":[{"name":"seller","columns":["seller_id",…]},…],…}
 *   {"table":"seller"}
 *   1⇥acme⇥Acme⇥…                           rows as COPY writes them, in the order of the primary key
 *   \.                                      ends the table; COPY never writes it as a row
 *   …
 *   {"onepool":"manifest","tables":[{"name":"seller","rows":1,"sha256":"…"},…],"sequences":[…],"sha256":"…"}
 *
 * The manifest stands last because only then everything is known, and so that a file cut short is known as such. Its
 * `sha256` is that of all bytes before its line. Rows hold what the tables hold: credentials stay encrypted as stored.
 */
import { z } from "zod";

/** Raised when an older program could not read what a newer one writes. */
export const BACKUP_FORMAT = 1;

/** The line after a table's last row. */
export const END_OF_TABLE = "\\.";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const identifier = z.string().regex(/^[a-z_][a-z0-9_]*$/);
const count = z.number().int().nonnegative();

const BackedUpTable = z.object({ name: identifier, columns: z.array(identifier).min(1) });

/** The first line. */
export const BackupHeader = z.object({
  onepool: z.literal("backup"),
  format: z.literal(BACKUP_FORMAT),
  createdAt: z.iso.datetime(),
  serverVersion: count,
  schemaNumber: count,
  migrations: z.array(z.object({ number: count, name: z.string(), sha256, breaking: z.boolean() })),
  tables: z.array(BackedUpTable),
});
export type BackupHeader = z.infer<typeof BackupHeader>;

/** The line before a table's rows. */
export const TableStart = z.object({ table: identifier });

/** The last line. */
export const BackupManifest = z.object({
  onepool: z.literal("manifest"),
  tables: z.array(z.object({ name: identifier, rows: count, sha256 })),
  sequences: z.array(z.object({ table: identifier, column: identifier, last: count, isCalled: z.boolean() })),
  sha256,
});
export type BackupManifest = z.infer<typeof BackupManifest>;
