import path from "node:path";

import type pg from "pg";

import { sealed } from "../auth/secret-box.ts";
import { backup } from "../backup/backup.ts";
import { restore } from "../backup/restore.ts";
import { verifyWithin } from "../ledger/verify/verify-ledger.ts";
import { resolveSecretKey } from "../settings/secret-key.ts";
import { secretKeyProblem } from "../start/check-secret-key.ts";
import { CommandRefused, EXIT, type Command, type CommandContext } from "./command.ts";

/** `onepool backup` */
export const backupCommand: Command = {
  name: "backup",
  about: "Writes everything to a file as it is at one moment, while the server goes on working.",
  positionals: ["FILE"],
  options: {},
  async run(context, { positionals: [file = ""] }) {
    const { pool } = await context.database();
    const target = path.resolve(context.folder, file);
    const answer = await backup(pool, target, { now: new Date(context.clock.now()) });
    if (!answer.ok) throw new CommandRefused(answer.sentence);
    const { bytes, tables } = answer.summary;
    context.print(`Wrote ${rowsIn(tables)} rows to ${target} (${bytes} bytes) and read them back.`);
    context.note(
      "Marketplace credentials in it stay encrypted: keep ONEPOOL_SECRET_KEY, or the file secret-key of the data folder, as well.",
    );
    return EXIT.ok;
  },
};

/** `onepool restore` */
export const restoreCommand: Command = {
  name: "restore",
  about: "Brings a backup back into an empty database, all or nothing, and verifies it.",
  positionals: ["FILE"],
  options: {},
  async run(context, { positionals: [file = ""] }) {
    const { pool } = await context.database();
    const source = path.resolve(context.folder, file);
    const answer = await restore(pool, source, {
      verifyLedger: async (client) =>
        (await verifyWithin(client)).differences.map(({ sentence }) => sentence),
    });
    if (!answer.ok) throw new CommandRefused(answer.sentence);
    const { createdAt, tables } = answer.summary;
    context.print(
      `Restored ${rowsIn(tables)} rows of ${createdAt} from ${source}; every balance equals its movements.`,
    );
    const problem = await credentialsProblem(context, pool);
    if (problem !== null) context.note(problem);
    return EXIT.ok;
  },
};

/** Credentials can be read only with the key they were encrypted with; without any, no key is needed (or made). */
async function credentialsProblem(context: CommandContext, pool: pg.Pool): Promise<string | null> {
  const { rowCount } = await pool.query("select from connection where credentials is not null limit 1");
  if (rowCount === 0) return null;
  const secret = await resolveSecretKey(context.settings);
  return secret.ok ? secretKeyProblem(pool, sealed(secret.secretKey)) : secret.sentence;
}

function rowsIn(tables: readonly { readonly rows: number }[]): number {
  return tables.reduce((sum, table) => sum + table.rows, 0);
}
