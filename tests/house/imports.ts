import { posix } from "node:path";

import { lineAt, textOf } from "./repository.ts";

/** One import, export-from or dynamic import of a file. */
export interface Import {
  /** `path:line`, as an editor opens it. */
  place: string;
  /** As written: a package's name, or a relative path. */
  specifier: string;
  /** For a relative one: the path from the root it leads to. */
  target: string | undefined;
}

const pattern = /\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g;

export function importsOf(path: string): Import[] {
  const text = textOf(path);
  return [...text.matchAll(pattern)].map((match) => {
    const specifier = match[1] ?? "";
    return {
      place: `${path}:${lineAt(text, match.index)}`,
      specifier,
      target: specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined,
    };
  });
}

/** The package a path belongs to: `packages/core`, `scenarios`, `tests`. */
export function packageOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "packages" ? `${first}/${second}` : first;
}
