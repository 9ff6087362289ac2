import type pg from "pg";

/**
 * The schema of a database as text: the same for the same schema, whatever the server's version and the order things were
 * made in. Written by our own reader because `pg_dump` is not in the embedded package, and changes its text with every version.
 */
export async function readSchemaText(client: pg.ClientBase): Promise<string> {
  await refuseUnknownKinds(client);
  const tables = await rowsOf<TableRow>(client, READ_TABLES);
  const columns = await rowsOf<ColumnRow>(client, READ_COLUMNS);
  const constraints = await rowsOf<DefinitionRow>(client, READ_CONSTRAINTS);
  const indexes = await rowsOf<DefinitionRow>(client, READ_INDEXES);
  const functions = await rowsOf<{ definition: string }>(client, READ_FUNCTIONS);
  const parts = tables.map((table) => {
    const ofTable = <T extends { table_name: string }>(rows: readonly T[]): T[] =>
      rows.filter((row) => row.table_name === table.table_name);
    const lines = [
      ...ofTable(columns).map(columnText),
      ...ofTable(constraints).map((constraint) => `constraint ${constraint.name} ${constraint.definition}`),
    ];
    const options = table.options === null ? "" : ` with (${table.options})`;
    return [
      `create ${table.unlogged ? "unlogged " : ""}table ${table.table_name} (`,
      lines.map((line) => `  ${line}`).join(",\n"),
      `)${options};`,
      ...ofTable(indexes).map((index) => `${index.definition};`),
    ].join("\n");
  });
  return [...parts, ...functions.map(({ definition }) => `${definition.trimEnd()};`)]
    .map((part) => `${part}\n`)
    .join("\n");
}

type TableRow = { readonly table_name: string; readonly unlogged: boolean; readonly options: string | null };
type DefinitionRow = { readonly table_name: string; readonly name: string; readonly definition: string };
type ColumnRow = {
  readonly table_name: string;
  readonly name: string;
  readonly type: string;
  readonly collation: string | null;
  readonly not_null: boolean;
  readonly identity: "" | "a" | "d";
  readonly generated: boolean;
  readonly default_expression: string | null;
};

function columnText(column: ColumnRow): string {
  return [
    `${column.name} ${column.type}`,
    column.collation === null ? "" : `collate "${column.collation}"`,
    column.not_null ? "not null" : "",
    column.identity === ""
      ? ""
      : `generated ${column.identity === "a" ? "always" : "by default"} as identity`,
    column.default_expression === null ? "" : defaultText(column.default_expression, column.generated),
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function defaultText(expression: string, generated: boolean): string {
  return generated ? `generated always as (${expression}) stored` : `default ${expression}`;
}

const READ_TABLES = `
  select quote_ident(relname) as table_name, relpersistence = 'u' as unlogged, array_to_string(reloptions, ', ') as options
  from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'
  order by relname collate "C"`;

const READ_COLUMNS = `
  select quote_ident(c.relname) as table_name, quote_ident(a.attname) as name,
    format_type(a.atttypid, a.atttypmod) as type, l.collname as collation, a.attnotnull as not_null,
    a.attidentity as identity, a.attgenerated <> '' as generated, pg_get_expr(d.adbin, d.adrelid) as default_expression
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  left join pg_collation l on l.oid = a.attcollation and a.attcollation <> t.typcollation
  where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
  order by c.relname collate "C", a.attnum`;

// Since version 18 "not null" is a constraint with a name of its own (contype n); it stands with its column here.
const READ_CONSTRAINTS = `
  select quote_ident(c.relname) as table_name, quote_ident(k.conname) as name, pg_get_constraintdef(k.oid) as definition
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and k.contype in ('p', 'u', 'f', 'c', 'x')
  order by position(k.contype::text in 'pufcx'), k.conname collate "C"`;

const READ_INDEXES = `
  select quote_ident(c.relname) as table_name, quote_ident(i.relname) as name,
    replace(pg_get_indexdef(x.indexrelid), ' ON ' || quote_ident(current_schema()) || '.', ' ON ') as definition
  from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
  where c.relnamespace = current_schema()::regnamespace
    and not exists (select from pg_constraint k where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x'))
  order by i.relname collate "C"`;

const READ_FUNCTIONS = `
  select replace(pg_get_functiondef(oid), quote_ident(current_schema()) || '.', '') as definition
  from pg_proc where pronamespace = current_schema()::regnamespace and prokind in ('f', 'p')
  order by proname collate "C", pg_get_function_identity_arguments(oid) collate "C"`;

// What this reader would leave out. Sequences of identity columns stand with their column.
const READ_UNKNOWN_KINDS = `
  select format('%s (kind %s)', relname, relkind) as what from pg_class c
    where relnamespace = current_schema()::regnamespace and relkind not in ('r', 'i')
      and not (relkind = 'S' and exists (select from pg_depend where objid = c.oid and deptype = 'i'))
  union all
  select format('type %s', typname) from pg_type
    where typnamespace = current_schema()::regnamespace and typtype in ('d', 'e', 'r', 'm')
  union all
  select format('aggregate %s', proname) from pg_proc
    where pronamespace = current_schema()::regnamespace and prokind not in ('f', 'p')
  union all
  select format('trigger %s', tgname) from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal
  union all
  select format('rule %s', rulename) from pg_rewrite r join pg_class c on c.oid = r.ev_class
    where c.relnamespace = current_schema()::regnamespace
  union all
  select format('policy %s', polname) from pg_policy p join pg_class c on c.oid = p.polrelid
    where c.relnamespace = current_schema()::regnamespace`;

/** A check that silently passed over a part of the schema would be worse than none. */
async function refuseUnknownKinds(client: pg.ClientBase): Promise<void> {
  const unknown = await rowsOf<{ what: string }>(client, READ_UNKNOWN_KINDS);
  if (unknown.length > 0) {
    throw new Error(
      `the schema reader does not know yet how to write: ${unknown.map(({ what }) => what).join(", ")}`,
    );
  }
}

async function rowsOf<T extends pg.QueryResultRow>(
  client: pg.ClientBase,
  sql: string,
): Promise<readonly T[]> {
  return (await client.query<T>(sql)).rows;
}
