import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A Chromium that runs on this machine, with what it needs to be started with (playwright's `launch` takes it as it is). */
export interface Chromium {
  executablePath: string;
  args: string[];
  /** The environment to start it in. */
  env: Record<string, string>;
}

export type ChromiumSearch = { ok: true; chromium: Chromium } | { ok: false; reason: string };

/** For machines of all kinds, root included: no sandbox of its own, no GPU, and no traffic that no test asked for. */
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

/** Where bring-chromium.ts unpacks the one that npm carries. */
export const carriedFolder = join(import.meta.dirname, "chromium", "node_modules", ".unpacked");

/**
 * Finds a Chromium: the one CHROMIUM_PATH names, else one on the machine, else the one that was brought by npm.
 * Where there is none, the reason is for `skip(reason)`.
 */
export function findChromium(): ChromiumSearch {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && named !== "") {
    if (runs(named, {})) return found(named, {});
    return { ok: false, reason: `CHROMIUM_PATH names ${named}, which does not run` };
  }
  for (const path of candidates()) if (existsSync(path) && runs(path, {})) return found(path, {});
  const carried = join(carriedFolder, "chromium");
  const libraries = carriedEnvironment();
  if (existsSync(carried) && runs(carried, libraries)) return found(carried, libraries);
  return { ok: false, reason: process.env["ONEPOOL_NO_CHROMIUM"] ?? "no Chromium on this machine" };
}

function candidates(): string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ];
}

/** What a bare machine lacks comes with the package: a few libraries, and a font to draw text with. */
function carriedEnvironment(): Record<string, string> {
  return {
    LD_LIBRARY_PATH: join(carriedFolder, "lib"),
    ...(existsSync("/etc/fonts/fonts.conf")
      ? {}
      : { FONTCONFIG_FILE: join(carriedFolder, "onepool-fonts.conf") }),
  };
}

function found(executablePath: string, extra: Record<string, string>): ChromiumSearch {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    ok: true,
    chromium: { executablePath, args: flags, env: { ...Object.fromEntries(own), ...extra } },
  };
}

/** A file of that name may only say how to get the browser, or miss a library: so it is asked for its version. */
function runs(path: string, extra: Record<string, string>): boolean {
  const { status, stdout } = spawnSync(path, ["--version", "--no-sandbox"], {
    encoding: "utf8",
    env: { ...process.env, ...extra },
    timeout: 30_000,
  });
  return status === 0 && /\d+\.\d+\.\d+/.test(stdout);
}
