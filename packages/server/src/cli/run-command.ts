import type pg from "pg";

import { migrate } from "../postgres/migrate.ts";
import { openDatabase, type Database } from "../postgres/open-database.ts";
import type { Settings } from "../settings/settings.ts";
import { localUrl } from "../start/listen.ts";
import { readServerAddress } from "../start/server-address.ts";
import { CommandRefused, EXIT, WrongWords, type Command, type CommandContext } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { helpOf, overview } from "./help.ts";
import { findCommand, parseWords, usageOf } from "./parse-words.ts";

export interface CommandSurroundings {
  /** Read only when a command runs: `help` works with any settings. */
  settings(): Settings;
  /** Where the person stands. */
  readonly folder: string;
  print(line: string): void;
  note(line: string): void;
}

/** Does what the words say and answers the exit code. */
export async function runCommand(words: readonly string[], around: CommandSurroundings): Promise<number> {
  const [first] = words;
  if (first === undefined || first === "help" || first === "--help" || first === "-h")
    return help(words.slice(1), around);
  const found = findCommand(COMMANDS, words);
  if (found === null) {
    around.note(`There is no command ${JSON.stringify(words.slice(0, 2).join(" "))}.`);
    around.note(overview(COMMANDS));
    return EXIT.usage;
  }
  if (found.rest.includes("--help")) return help(found.command.name.split(" "), around);
  return runFound(found.command, found.rest, around);
}

async function runFound(
  command: Command,
  rest: readonly string[],
  around: CommandSurroundings,
): Promise<number> {
  const opened: Database[] = [];
  try {
    const parsed = parseWords(command, rest);
    return await command.run(contextOf(around, opened), parsed);
  } catch (error) {
    if (error instanceof WrongWords) {
      around.note(error.message);
      around.note(`It is written: ${usageOf(command)}`);
      return EXIT.usage;
    }
    if (!(error instanceof CommandRefused)) throw error;
    around.note(error.message);
    return EXIT.failed;
  } finally {
    for (const database of opened) await database.close();
  }
}

function help(words: readonly string[], around: CommandSurroundings): number {
  const found = findCommand(COMMANDS, words);
  around.print(found === null ? overview(COMMANDS) : helpOf(found.command));
  return EXIT.ok;
}

function contextOf(around: CommandSurroundings, opened: Database[]): CommandContext {
  const settings = around.settings();
  let opening: Promise<Database> | undefined;
  const database = (): Promise<Database> => (opening ??= open(settings, opened));
  return {
    settings,
    clock: { now: () => Date.now() },
    folder: around.folder,
    print: (line) => around.print(line),
    note: (line) => around.note(line),
    serverUrl: async () =>
      settings.publicUrl?.origin ??
      (await readServerAddress(settings.dataFolder)) ??
      localUrl(settings.host, settings.port),
    database,
    migratedPool: async () => migrated((await database()).pool),
  };
}

async function open(settings: Settings, opened: Database[]): Promise<Database> {
  const { dataFolder, databaseUrl } = settings;
  const answer = await openDatabase({ dataFolder, databaseUrl, role: "command", maxConnections: 4 });
  if (!answer.ok) throw new CommandRefused(answer.sentence);
  opened.push(answer.database);
  return answer.database;
}

async function migrated(pool: pg.Pool): Promise<pg.Pool> {
  const answer = await migrate(pool);
  if (!answer.ok) throw new CommandRefused(answer.sentence);
  return pool;
}
