import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Collected, Keeper } from "../../contract/keeper/keeper.ts";
import { valueOf } from "../../contract/testing/value-of.ts";
import { fileDrop } from "../connector.ts";

/** The present of every test. */
export const NOW = Date.parse("2026-11-23T12:00:00Z");

export interface Bench {
  readonly folder: string;
  /** Moves on by as much as is said, in milliseconds. */
  readonly clock: { now(): number; pass(ms: number): void };
  drop(name: string, content: string | Uint8Array): Promise<void>;
  /** Names in a folder of the place, sorted; none where it is not there. */
  names(path?: string): Promise<string[]>;
  text(path: string): Promise<string>;
  keeper(settings?: object): Keeper;
  close(): Promise<void>;
}

/** A real folder, opened for files. */
export async function openBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), "onepool-file-drop-"));
  await writeFile(join(folder, ".onepool"), "");
  let now = NOW;
  const clock = {
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
  };
  return {
    folder,
    clock,
    async drop(name, content) {
      await writeFile(join(folder, name), content);
      await utimes(join(folder, name), now / 1_000, now / 1_000);
    },
    async names(path = ".") {
      try {
        return (await readdir(join(folder, path))).toSorted();
      } catch {
        return [];
      }
    },
    text: (path) => readFile(join(folder, path), "utf8"),
    keeper: (settings = {}) =>
      valueOf(fileDrop.connect(accessWith({ folder, files: [LEVELS], ...settings }, clock))),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What a connection gives, without tokens: files need none. */
export function accessWith(settings: object, clock: { now(): number }, credentials: object | null = null) {
  const none = (): never => {
    throw new Error("files need no token");
  };
  return {
    connection: "wh",
    settings,
    credentials,
    tokens: { current: none, replace: none },
    clock,
  };
}

/** The plainest profile. */
export const LEVELS = {
  kind: "levels",
  match: "stock*.csv",
  columns: { sku: "sku", location: "location", onHand: "on_hand", asOf: "as_of" },
};

/** Two looks, with time enough between them for a file to stand still. */
export async function lookTwice(keeper: Keeper, bench: Pick<Bench, "clock">): Promise<Collected> {
  const first = await look(keeper, null);
  bench.clock.pass(60_000);
  return look(keeper, first.cursor);
}

export async function look(keeper: Keeper, cursor: string | null): Promise<Collected> {
  if (keeper.collect === undefined) throw new Error("this keeper collects nothing");
  return valueOf(await keeper.collect({ cursor, since: 0 }));
}
