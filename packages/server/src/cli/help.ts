import type { Command } from "./command.ts";
import { usageOf } from "./parse-words.ts";

/** All commands in one view. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length)) + 2;
  return [
    "Commands (npm run onepool -- COMMAND), also while the server runs:",
    "",
    ...commands.map((command) => `  ${command.name.padEnd(width)}${command.about}`),
    `  ${"help COMMAND".padEnd(width)}Says how a command is written.`,
    "",
    "They use the same settings as the server (docs/settings.md). Exit codes: 0 done, 1 not done or something is wrong, 2 not understood.",
  ].join("\n");
}

/** One command in full. */
export function helpOf(command: Command): string {
  const options = Object.entries(command.options).map(
    ([name, { value, about }]) => `  --${name} ${value}  ${about}`,
  );
  return [command.about, "", `  ${usageOf(command)}`, ...(options.length > 0 ? ["", ...options] : [])].join(
    "\n",
  );
}
