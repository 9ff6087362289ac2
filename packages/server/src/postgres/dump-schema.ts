/**
 * `npm run db:dump`: migrates a fresh database and writes what came of it to schema.sql, so that a change of the schema
 * is read as the change of one file.
 */
import { writeFile } from "node:fs/promises";

import { startTestCluster } from "../testing/test-cluster.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";
import { SCHEMA_FILE, schemaFileText } from "./schema-file.ts";

await writeFile(SCHEMA_FILE, await migratedSchemaText());
process.stdout.write(`${SCHEMA_FILE} is up to date\n`);

async function migratedSchemaText(): Promise<string> {
  const cluster = await startTestCluster();
  try {
    const opened = await openDatabase({ dataFolder: "", databaseUrl: cluster.url });
    if (!opened.ok) throw new Error(opened.sentence);
    const { database } = opened;
    try {
      const migrated = await migrate(database.pool);
      if (!migrated.ok) throw new Error(migrated.sentence);
      const client = await database.pool.connect();
      try {
        return await schemaFileText(client);
      } finally {
        client.release();
      }
    } finally {
      await database.close();
    }
  } finally {
    await cluster.stop();
  }
}
