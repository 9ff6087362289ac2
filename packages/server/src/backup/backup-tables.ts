import pg from "pg";

/** A table as it is backed up. */
export type BackupTable = {
  readonly name: string;
  /** In the table's order; generated columns are left out, the server computes them again. */
  readonly columns: readonly string[];
  /** The primary key as an `order by` that means the same on every server. */
  readonly order: string;
};

/** The sequence behind an identity column. */
export type IdentitySequence = { readonly table: string; readonly column: string; readonly sequence: string };

/** The record of migrations is not data: the header says which ones the rows belong to. */
const NOT_DATA = "schema_migration";

/** All tables, those that are referred to before those that refer to them. */
export async function readBackupTables(client: pg.ClientBase): Promise<readonly BackupTable[]> {
  const { rows } = await client.query<TableRow>(READ_TABLES, [NOT_DATA]);
  for (const { name, order } of rows) {
    // Without one, neither the order of the rows nor their hash would be the same on the other side.
    if (order === null) throw new Error(`table ${name} has no primary key`);
  }
  return referredFirst(rows).map(({ name, columns, order }) => ({ name, columns, order: order ?? "" }));
}

/** The sequences that go on counting after a restore. */
export async function readIdentitySequences(client: pg.ClientBase): Promise<readonly IdentitySequence[]> {
  const { rows } = await client.query<IdentitySequence>(READ_IDENTITY_SEQUENCES);
  return rows;
}

/** The COPY that writes a table's rows, the same bytes for the same rows on every server. */
export function copyOut({ name, columns, order }: BackupTable): string {
  return `copy (select ${columns.map(pg.escapeIdentifier).join(", ")} from ${pg.escapeIdentifier(name)} order by ${order}) to stdout`;
}

/** The COPY that reads them. */
export function copyIn(name: string, columns: readonly string[]): string {
  return `copy ${pg.escapeIdentifier(name)} (${columns.map(pg.escapeIdentifier).join(", ")}) from stdin`;
}

/** Settings that change how a value is written, set alike for the transaction on both sides. */
export const SET_TEXT_FORM = `
  set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'; set local intervalstyle = 'postgres';
  set local extra_float_digits = 3; set local bytea_output = 'hex'; set local client_encoding = 'UTF8'`;

type TableRow = {
  readonly name: string;
  readonly columns: readonly string[];
  readonly order: string | null;
  readonly refers_to: readonly string[];
};

// Text in a key is ordered by its bytes whatever the database's locale. A table that refers to itself needs no order among
// its rows: COPY checks its foreign keys at its end, and the ledger's chains point backwards in the key's order anyway.
const READ_TABLES = `
  select c.relname as name,
    array(
      select attname::text from pg_attribute
      where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '' order by attnum
    ) as columns,
    (
      select string_agg(quote_ident(a.attname) || case when a.attcollation = 0 then '' else ' collate "C"' end, ', ' order by key.place)
      from pg_constraint k, unnest(k.conkey) with ordinality as key (attnum, place)
      join pg_attribute a on a.attnum = key.attnum
      where k.conrelid = c.oid and k.contype = 'p' and a.attrelid = c.oid
    ) as order,
    array(
      select distinct r.relname::text from pg_constraint k join pg_class r on r.oid = k.confrelid
      where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid
    ) as refers_to
  from pg_class c
  where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> $1
  order by c.relname collate "C"`;

const READ_IDENTITY_SEQUENCES = `
  select c.relname as table, a.attname as column,
    pg_get_serial_sequence(quote_ident(c.relname), a.attname) as sequence
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attidentity <> ''
  where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
  order by c.relname collate "C", a.attnum`;

function referredFirst(tables: readonly TableRow[]): readonly TableRow[] {
  const placed = new Set<string>();
  const ordered: TableRow[] = [];
  while (ordered.length < tables.length) {
    const next = tables.filter(
      ({ name, refers_to }) => !placed.has(name) && refers_to.every((other) => placed.has(other)),
    );
    if (next.length === 0) throw new Error("tables refer to each other in a circle");
    for (const table of next) placed.add(table.name);
    ordered.push(...next);
  }
  return ordered;
}
