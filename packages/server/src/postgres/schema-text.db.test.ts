import { readFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { testDatabase } from "../testing/test-database.ts";
import { SCHEMA_FILE, schemaFileText } from "./schema-file.ts";
import { readSchemaText } from "./schema-text.ts";

const migrated = await testDatabase();
const empty = await testDatabase({ empty: true });

test("schema.sql is what the migrations make (npm run db:dump writes it)", async () => {
  const client = await migrated.pool.connect();
  try {
    expect(await schemaFileText(client)).toBe(await readFile(SCHEMA_FILE, "utf8"));
  } finally {
    client.release();
  }
});

test("the text says everything that matters, in an order of its own", async () => {
  await empty.pool.query(`
    create table b (
      id bigint generated always as identity primary key,
      code text collate "C" not null unique,
      twice bigint generated always as (id * 2) stored,
      made_at timestamptz not null default now(),
      parent bigint references b (id),
      check (length(code) between 1 and 5)
    );
    create table a (b_id bigint, note text default 'it''s') with (fillfactor = 80);
    create unique index a_one on a (b_id, note nulls first) nulls not distinct where b_id > 3;
    create function double(units bigint) returns bigint language sql immutable return units * 2;
  `);
  const client = await empty.pool.connect();
  try {
    expect(await readSchemaText(client)).toBe(EXPECTED);
  } finally {
    client.release();
  }
});

test("what it cannot write it names instead of leaving it out", async () => {
  const client = await empty.pool.connect();
  try {
    await client.query("begin; create view v as select 1 as one; create type mood as enum ('good')");
    await expect(readSchemaText(client)).rejects.toThrow(/v \(kind v\).*type mood/);
    await client.query("rollback");
  } finally {
    client.release();
  }
});

const EXPECTED = `create table a (
  b_id bigint,
  note text default 'it''s'::text
) with (fillfactor=80);
CREATE UNIQUE INDEX a_one ON a USING btree (b_id, note NULLS FIRST) NULLS NOT DISTINCT WHERE (b_id > 3);

create table b (
  id bigint not null generated always as identity,
  code text collate "C" not null,
  twice bigint generated always as ((id * 2)) stored,
  made_at timestamp with time zone not null default now(),
  parent bigint,
  constraint b_pkey PRIMARY KEY (id),
  constraint b_code_key UNIQUE (code),
  constraint b_parent_fkey FOREIGN KEY (parent) REFERENCES b(id),
  constraint b_code_check CHECK (((length(code) >= 1) AND (length(code) <= 5)))
);

CREATE OR REPLACE FUNCTION double(units bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
RETURN (units * 2);
`;
