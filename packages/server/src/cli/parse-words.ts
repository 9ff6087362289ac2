import { parseArgs } from "node:util";

import { WrongWords, type Command, type CommandWords } from "./command.ts";

/** The command that the words begin with, and the words after its name; null if there is none. */
export function findCommand(
  commands: readonly Command[],
  words: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } | null {
  for (const command of commands) {
    const name = command.name.split(" ");
    if (name.every((word, index) => words[index] === word))
      return { command, rest: words.slice(name.length) };
  }
  return null;
}

/** Reads the words after a command's name. Throws `WrongWords`. */
export function parseWords(command: Command, rest: readonly string[]): CommandWords {
  const { positionals, values } = readWords(command, rest);
  const [missing] = command.positionals.slice(positionals.length);
  if (missing !== undefined) throw new WrongWords(`${missing} is missing.`);
  const extra = positionals[command.positionals.length];
  if (extra !== undefined) throw new WrongWords(`"${extra}" is one word too many.`);
  const options: Record<string, string | undefined> = {};
  for (const [name, option] of Object.entries(command.options)) {
    const value = values[name];
    if (typeof value === "string") options[name] = value;
    else if (option.required) throw new WrongWords(`--${name} ${option.value} is missing.`);
  }
  return { positionals, options };
}

function readWords(command: Command, rest: readonly string[]) {
  const options = Object.fromEntries(
    Object.keys(command.options).map((name) => [name, { type: "string" as const }]),
  );
  try {
    return parseArgs({ args: [...rest], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's own sentence names the option.
    const [sentence = ""] = (error as Error).message.split(". ");
    throw new WrongWords(`${sentence}.`, { cause: error });
  }
}

/** How a command is written. */
export function usageOf(command: Command): string {
  const options = Object.entries(command.options).map(([name, { value, required }]) =>
    required ? `--${name} ${value}` : `[--${name} ${value}]`,
  );
  return [`npm run onepool -- ${command.name}`, ...command.positionals, ...options].join(" ");
}
