import { allFiles, isTest, textOf } from "./repository.ts";

/** One invariant of SPEC.md, with what the page says holds it. */
export interface Invariant {
  /** "I1" */
  id: string;
  /** Where it stands in SPEC.md: from its heading to the next. */
  section: string;
  /** `path › name` of each test that holds it, as the page lists them. */
  heldBy: string[];
  /** Why no test holds it yet, if the page says so. */
  gap: string | undefined;
}

/** Reads SPEC.md: `## I1. Sentence`, prose, then the list of tests below "Held by:" or a line "Gap: reason". */
export function invariantsIn(page: string): Invariant[] {
  return page
    .split(/^(?=## )/m)
    .filter((section) => /^## I\d+\. /.test(section))
    .map((section) => ({
      id: /^## (I\d+)/.exec(section)?.[1] ?? "",
      section,
      heldBy: [...section.matchAll(/^\* (\S+ › .+)$/gm)].map((match) => match[1] ?? ""),
      gap: /^Gap: (.+)$/m.exec(section)?.[1],
    }));
}

/** Every test whose name carries a tag such as `[I1]`, by invariant, as `path › name`; in the order of the paths. */
export function taggedTests(): Map<string, string[]> {
  const tests = new Map<string, string[]>();
  for (const path of allFiles().filter(isTest)) {
    for (const [, , name = ""] of textOf(path).matchAll(/(["'`])((?:\[I\d+\] ?)+.*?)\1/g)) {
      for (const [, id = ""] of name.matchAll(/\[(I\d+)\]/g))
        tests.set(id, [...(tests.get(id) ?? []), `${path} › ${name}`]);
    }
  }
  return tests;
}

/** SPEC.md with the lists of tests written anew from the tags; everything else as it was. */
export function withListsRenewed(page: string, tests: Map<string, string[]>): string {
  return invariantsIn(page).reduce((text, { id, section }) => {
    const held = tests.get(id) ?? [];
    const prose = section
      .replace(/\nHeld by:\n\n(\* .+\n)*/, "")
      .replace(/\nGap: .+\n/, held.length > 0 ? "" : "$&");
    const list = held.length > 0 ? `\nHeld by:\n\n${held.map((each) => `* ${each}\n`).join("")}` : "";
    return text.replace(section, `${prose.trimEnd()}\n${list}\n`);
  }, page);
}
