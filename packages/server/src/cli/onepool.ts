// The command line: `npm run onepool -- COMMAND`.
import path from "node:path";
import process from "node:process";

import { redactText } from "../log/redact.ts";
import { readSettings, type Settings } from "../settings/settings.ts";
import { EXIT } from "./command.ts";
import { runCommand } from "./run-command.ts";

const ONEPOOL_FOLDER = path.join(import.meta.dirname, "../../../..");

/** A wrong setting, said after the words were understood. */
class WrongSettings extends Error {}

// Output cut off by `| head` is no failure.
process.stdout.on("error", () => undefined);

try {
  process.exitCode = await runCommand(process.argv.slice(2), {
    settings,
    folder: process.env.INIT_CWD ?? process.cwd(),
    print: (line) => console.log(line),
    note: (line) => console.error(line),
  });
} catch (error) {
  process.exitCode = EXIT.failed;
  console.error(error instanceof WrongSettings ? error.message : redactText(textOf(error)));
}

/** A bug, or the database went away in the middle: the stack helps, secrets in it do not. */
function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function settings(): Settings {
  const answer = readSettings({ environment: process.env, folder: ONEPOOL_FOLDER });
  if (!answer.ok) throw new WrongSettings(answer.sentences.join("\n"));
  for (const warning of answer.warnings) console.error(warning);
  return answer.settings;
}
