import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** One `NNNN_verb_noun.sql`. */
export type Migration = {
  readonly number: number;
  /** The file's name without `.sql`. */
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
  /** Older programs cannot work on the schema after it. Said by a line `-- breaking` of its own in the file. */
  readonly breaking: boolean;
};

/** Where the migrations lie. */
const MIGRATIONS_FOLDER = fileURLToPath(new URL("../../migrations/", import.meta.url));

const FILE_NAME = /^(\d{4})_[a-z0-9]+(?:_[a-z0-9]+)+\.sql$/;

/** Reads all migrations in order. Throws when a name is wrong or a number is missing: that is a mistake in the program. */
export async function readMigrations(folder: string = MIGRATIONS_FOLDER): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  return Promise.all(
    files.map(async (file, index) => {
      const number = Number(FILE_NAME.exec(file)?.[1]);
      if (number !== index + 1) {
        throw new Error(
          `${file} is not migration ${index + 1}: migrations are named NNNN_verb_noun.sql without gaps`,
        );
      }
      const sql = await readFile(path.join(folder, file), "utf8");
      return {
        number,
        name: path.basename(file, ".sql"),
        sql,
        sha256: createHash("sha256").update(sql).digest("hex"),
        breaking: /^-- breaking\s*$/m.test(sql),
      };
    }),
  );
}
