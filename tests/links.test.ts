import { existsSync } from "node:fs";
import { join, posix } from "node:path";

import { expect, test } from "vitest";

import { allFiles, lineAt, root, textOf } from "./house/repository.ts";

const pages = allFiles().filter((path) => path.endsWith(".md"));

/** The anchors GitHub gives a page's headings. */
function anchorsOf(path: string): Set<string> {
  const headings = [...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

function leadsNowhere(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : posix.join(posix.dirname(page), decodeURI(path));
  if (!existsSync(join(root, target))) return true;
  return anchor !== undefined && target.endsWith(".md") && !anchorsOf(target).has(anchor);
}

test("every link between our pages leads somewhere", () => {
  const broken = pages.flatMap((page) => {
    const text = textOf(page);
    return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => ({ link: match[1] ?? "", line: lineAt(text, match.index) }))
      .filter(({ link }) => !/^[a-z]+:/.test(link) && leadsNowhere(page, link))
      .map(({ link, line }) => `${page}:${line}: ${link}`);
  });
  expect(broken).toEqual([]);
});
