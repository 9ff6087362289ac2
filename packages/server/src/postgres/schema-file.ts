import { fileURLToPath } from "node:url";

import type pg from "pg";

import { readSchemaText } from "./schema-text.ts";

/** The committed text of the schema. */
export const SCHEMA_FILE = fileURLToPath(new URL("../../schema.sql", import.meta.url));

/** What `schema.sql` must say of this migrated database. */
export async function schemaFileText(client: pg.ClientBase): Promise<string> {
  return `-- Written by "npm run db:dump" from a freshly migrated database. Not to be edited: write a migration.\n\n${await readSchemaText(client)}`;
}
