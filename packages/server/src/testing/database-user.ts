/**
 * A process of the tests that makes a test database on DATABASE_URL, or on a cluster of its own, says its address in one line of
 * JSON and waits to be told to drop it, or to be killed.
 */
import { text } from "node:stream/consumers";

import { createTestDatabase } from "./create-test-database.ts";

const created = await createTestDatabase();
process.stdout.write(`${JSON.stringify({ url: created.url })}\n`);
await text(process.stdin);
await created.drop();
