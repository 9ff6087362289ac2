import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { readMigrations } from "./migration-files.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "onepool-migrations-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("migrations are read in order, with the marker found", async () => {
  await write("0002_drop_one.sql", "-- breaking\ndrop table one;");
  await write("0001_create_one.sql", "-- nothing breaking here\ncreate table one (x int);");
  await write("README.md", "not a migration");
  expect(
    (await readMigrations(folder)).map(({ number, name, breaking }) => ({ number, name, breaking })),
  ).toEqual([
    { number: 1, name: "0001_create_one", breaking: false },
    { number: 2, name: "0002_drop_one", breaking: true },
  ]);
});

test.for([
  ["0002_create_one.sql"],
  ["0001_create_one.sql", "0003_create_three.sql"],
  ["0001-create-one.sql"],
  ["1_create_one.sql"],
])("a gap or a wrong name is a mistake that is named: %s", async (files) => {
  for (const file of files) await write(file, "select 1");
  await expect(readMigrations(folder)).rejects.toThrow(/without gaps/);
});

async function write(file: string, sql: string): Promise<void> {
  await writeFile(path.join(folder, file), sql);
}
