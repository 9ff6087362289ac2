import { migrate } from "../postgres/migrate.ts";
import { CommandRefused, EXIT, type Command } from "./command.ts";

/** `onepool migrate` */
export const migrateCommand: Command = {
  name: "migrate",
  about: "Brings the database's schema to this version; the server does the same when it starts.",
  positionals: [],
  options: {},
  async run(context) {
    const { pool } = await context.database();
    const migrated = await migrate(pool);
    if (!migrated.ok) throw new CommandRefused(migrated.sentence);
    const { applied, schemaNumber } = migrated;
    context.print(
      applied.length === 0
        ? `The schema is current (${schemaNumber}).`
        : `Applied ${applied.join(", ")}. The schema is at ${schemaNumber}.`,
    );
    return EXIT.ok;
  },
};
