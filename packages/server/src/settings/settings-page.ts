import { SETTINGS } from "./setting-catalogue.ts";

/** The text of docs/settings.md; a test keeps the file equal to it. */
export function settingsPage(): string {
  const sections = Object.values(SETTINGS).map((setting) =>
    [
      `## ${setting.name}`,
      "",
      setting.about,
      "",
      `* Without it: ${setting.without}.`,
      `* Example: \`${setting.name}=${setting.example}\``,
      ...(setting.secret ? ["* Secret: never printed or logged."] : []),
      "",
    ].join("\n"),
  );
  return [
    "# Settings",
    "",
    "Settings come from the environment, or from a file `.env` in the folder of Onepool (`NAME=value` per line); the environment wins. An empty value counts as not given. All are checked at the start: if one is wrong, the server says which and how to mend it, and stops.",
    "",
    ...sections,
  ].join("\n");
}
