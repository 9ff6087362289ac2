import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of the clone. */
export const root = join(import.meta.dirname, "../..");

/** Made by tools, or not ours. */
const passedOver = new Set(["node_modules", "dist", "coverage", ".git", "data"]);

/** Every file we wrote, as a path from the root with `/`; sorted, so that reports keep their order. */
export function allFiles(): string[] {
  return filesBelow("").toSorted();
}

/** The text of a file, by its path from the root. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** The line of `text` in which the character at `index` stands, from 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (passedOver.has(entry.name)) return [];
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
