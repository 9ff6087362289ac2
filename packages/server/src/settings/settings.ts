import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";

import { SETTINGS, type LogLevel } from "./setting-catalogue.ts";
import type { Setting } from "./setting.ts";

/** Everything a server can be told from outside, checked. */
export interface Settings {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Absolute. */
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  readonly apiKey: string | undefined;
  /** As given; undefined: the one in the data folder (secret-key.ts). */
  readonly secretKey: string | undefined;
  /** Scheme, host and port. */
  readonly publicUrl: URL | undefined;
  /** From 0 to 1: the probability of overselling that is accepted while news of a sale travels. */
  readonly oversellRisk: number;
  readonly logLevel: LogLevel;
}

export type SettingsAnswer =
  /** `warnings`: sentences on what has no effect. */
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly string[] }
  /** One sentence for each wrong setting, naming it and the mend, never its value if that is secret. */
  | { readonly ok: false; readonly sentences: readonly string[] };

export interface SettingsSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where Onepool is installed: its `.env` is read and its `data` is the default. */
  readonly folder: string;
}

/** Reads and checks the settings: the environment first, then `.env`. An empty value is one that was not given. */
export function readSettings(sources: SettingsSources): SettingsAnswer {
  const sentences: string[] = [];
  const file = readEnvFile(sources.folder, sentences);
  const given = (name: string): string | undefined => textOf(sources.environment[name]) ?? textOf(file[name]);

  function read<T>(setting: Setting<T>): T {
    const text = given(setting.name);
    if (text === undefined) return setting.fallback;
    const answer = setting.parse(text);
    if (answer.ok) return answer.value;
    const shown = setting.secret ? "" : ` (${JSON.stringify(text.slice(0, 100))})`;
    sentences.push(`${setting.name}${shown} cannot be used: ${answer.mend}.`);
    return setting.fallback;
  }

  const settings: Settings = {
    host: read(SETTINGS.host),
    port: read(SETTINGS.port),
    dataFolder: path.resolve(dataFolderBase(sources), read(SETTINGS.data)),
    databaseUrl: read(SETTINGS.databaseUrl),
    apiKey: read(SETTINGS.apiKey),
    secretKey: read(SETTINGS.secretKey),
    publicUrl: read(SETTINGS.publicUrl),
    oversellRisk: read(SETTINGS.oversellRisk),
    logLevel: read(SETTINGS.logLevel),
  };
  if (sentences.length > 0) return { ok: false, sentences };
  return { ok: true, settings, warnings: unknownNames({ ...file, ...sources.environment }) };
}

/** A path typed in the environment is meant from where it was typed: npm and the launcher move to Onepool's folder and leave that place in INIT_CWD. */
function dataFolderBase({ environment, folder }: SettingsSources): string {
  return textOf(environment[SETTINGS.data.name]) === undefined
    ? folder
    : (textOf(environment.INIT_CWD) ?? folder);
}

function readEnvFile(folder: string, sentences: string[]): Record<string, string | undefined> {
  const file = path.join(folder, ".env");
  try {
    return parseEnv(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      sentences.push(
        `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"}): mend its permissions or remove it.`,
      );
    return {};
  }
}

/** Names of ours outside the catalogue: the launcher's and the tests' own. */
const OTHER_NAMES = /^ONEPOOL_(LIFELINE|TEST_\w+)$/;

/** A mistyped name would otherwise be silently without effect. */
function unknownNames(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set<string>(Object.values(SETTINGS).map((setting) => setting.name));
  return Object.keys(environment)
    .filter((name) => name.startsWith("ONEPOOL_") && !known.has(name) && !OTHER_NAMES.test(name))
    .map((name) => `${name} is not a setting and has no effect. Settings are ${[...known].join(", ")}.`);
}

function textOf(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === "" ? undefined : trimmed;
}
