import type pg from "pg";

import type { Database } from "../postgres/open-database.ts";
import type { Settings } from "../settings/settings.ts";

/** What a command ends with. */
export const EXIT = {
  ok: 0,
  /** It was understood and could not be done, or found something wrong. */
  failed: 1,
  /** It was not understood. */
  usage: 2,
} as const;

/** What a command works with. */
export interface CommandContext {
  readonly settings: Settings;
  readonly clock: { now(): number };
  /** Where the person stands: relative files are meant from there. */
  readonly folder: string;
  /** What was asked for, on the standard output. */
  print(line: string): void;
  /** A word to the person, on the standard error output: not part of what was asked for. */
  note(line: string): void;
  /** Where people reach the server. */
  serverUrl(): Promise<string>;
  /** Opens the database when a command first needs it: a running server's own, or started for as long as the command runs. */
  database(): Promise<Database>;
  /** The same, with the schema this program knows. */
  migratedPool(): Promise<pg.Pool>;
}

/** The words after the command's name. */
export interface CommandWords {
  /** As many as `positionals` names. */
  readonly positionals: readonly string[];
  /** `--name value`; absent: not given. */
  readonly options: Readonly<Record<string, string | undefined>>;
}

export interface Command {
  /** One or two words. */
  readonly name: string;
  readonly about: string;
  /** Names of what must follow, such as `FILE`. */
  readonly positionals: readonly string[];
  /** Options that take a value; `required` ones must be given. */
  readonly options: Readonly<
    Record<string, { readonly value: string; readonly required: boolean; readonly about: string }>
  >;
  /** Answers the exit code. */
  run(context: CommandContext, words: CommandWords): Promise<number>;
}

/** An expected reason why a command cannot be done: one sentence, exit code 1. */
export class CommandRefused extends Error {}

/** Wrong words: one sentence and how the command is written, exit code 2. */
export class WrongWords extends Error {}
