import { createHash } from "node:crypto";

import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";

import { copyOut, readBackupTables, SET_TEXT_FORM } from "../backup/backup-tables.ts";
import { schemaFileText } from "../postgres/schema-file.ts";

/** How many sellers `fillDatabase` makes. */
export const SELLERS = 50;

/** Movements of seller 1: more than a restore loads with one COPY. */
const MOVEMENTS = 25_000;

/** What stands for a connection's credentials as they are stored: bytes nobody can read. */
export const ENCRYPTED = createHash("sha512").update("credentials").digest();

/** Rows of every shape that a file of lines could stumble over, and a ledger with a long chain. For tests. */
export async function fillDatabase(pool: pg.Pool): Promise<void> {
  await pool.query(
    "insert into seller (code, name) select 'seller-' || n, 'Seller ' || n from generate_series(1, $1) n",
    [SELLERS],
  );
  await pool.query("insert into head select n, n, 0, now() from generate_series(1, $1) n", [SELLERS]);
  await pool.query(
    "insert into connection values (1, 'meli', 'mercadolibre', 'live', '{}', $1, '2026-11-23T10:00:00.123456Z', 1, 1)",
    [ENCRYPTED],
  );
  for (const [index, name] of HARD_TEXTS.entries()) {
    await pool.query("insert into sku values (1, $1, $2, 1, 1)", [`SKU-${index}`, JSON.stringify({ name })]);
    await pool.query("insert into entry values (1, $1, now(), '-infinity', 'note', $2, null, $2, null, $3)", [
      index + 1,
      name.slice(0, 1000),
      JSON.stringify({ name }),
    ]);
  }
  await pool.query("insert into account values (1, 1, 'SKU-0', 'main', 'sellable')");
  await pool.query(
    `insert into movement (seller_id, seq, leg, account_id, bucket, units, counterpart, before, after, prev_seq, prev_leg, occurred_at)
     select 1, n, 0, 1, 'sellable', 1, 'supplier', n - 1, n, nullif(n - 1, 0), case when n > 1 then 0 end, now()
     from generate_series(1, $1) n`,
    [MOVEMENTS],
  );
}

/** What COPY has to escape, what a hash would notice, and what ends a table when it stands alone. */
const HARD_TEXTS = [
  "plain",
  "tab\there",
  "line\nbreak\r\nand return\r",
  "back\\slash and \\N and \\.",
  "\\.",
  "",
  "ünïcödé 日本語 🦵",
  'quotes \' " and {"json": [1]}',
  "x".repeat(300_000),
];

/** Everything a database holds: its schema's text and each table's rows by hash. */
export async function databaseContents(pool: pg.Pool): Promise<Record<string, string>> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query(SET_TEXT_FORM);
    const contents: Record<string, string> = { schema: await schemaFileText(client) };
    for (const table of await readBackupTables(client)) {
      const hash = createHash("sha256");
      for await (const bytes of client.query(copyTo(copyOut(table))) as AsyncIterable<Buffer>)
        hash.update(bytes);
      contents[table.name] = hash.digest("hex");
    }
    await client.query("rollback");
    return contents;
  } finally {
    client.release();
  }
}
