import { verifyLedger } from "../ledger/verify/verify-ledger.ts";
import { readMigrations } from "../postgres/migration-files.ts";
import { isSqlState, SQLSTATE } from "../postgres/sqlstate.ts";
import { findSeller } from "../start/default-seller.ts";
import { CommandRefused, EXIT, type Command, type CommandContext } from "./command.ts";

/** `onepool verify` */
export const verifyCommand: Command = {
  name: "verify",
  about: "Recomputes every balance from its movements and says what differs. Changes nothing.",
  positionals: [],
  options: { seller: { value: "CODE", required: false, about: "of one seller only" } },
  async run(context, { options }) {
    const { pool } = await context.database();
    await refuseOlderSchema(context);
    const sellerId = options.seller === undefined ? undefined : await findSeller(pool, options.seller);
    if (sellerId === null)
      throw new CommandRefused(`There is no seller ${options.seller}: see \`seller list\`.`);
    const report = await verifyLedger(pool, sellerId);
    for (const { sellerId: id, check, subject, sentence } of report.differences)
      context.print([`seller ${id}`, check, subject, sentence].join("\t"));
    const looked = `${report.entries} entries and ${report.movements} movements of ${report.sellers} sellers`;
    if (report.differences.length === 0) {
      context.print(`Nothing differs in ${looked}.`);
      return EXIT.ok;
    }
    context.note(`${report.differences.length} differences in ${looked}.`);
    return EXIT.failed;
  },
};

/** What only reads must not migrate: an older server may be at work on that schema. */
async function refuseOlderSchema(context: CommandContext): Promise<void> {
  const { pool } = await context.database();
  const known = (await readMigrations()).length;
  const number = await schemaNumber(pool);
  if (number < known)
    throw new CommandRefused(
      `The schema of this database is older than this program (${number} of ${known}): run \`migrate\` first, or start the server.`,
    );
}

async function schemaNumber(pool: Awaited<ReturnType<CommandContext["database"]>>["pool"]): Promise<number> {
  try {
    const { rows } = await pool.query<{ number: number | null }>(
      "select max(number) as number from schema_migration",
    );
    return rows[0]?.number ?? 0;
  } catch (error) {
    if (isSqlState(error, SQLSTATE.tableMissing)) return 0;
    throw error;
  }
}
