import { readFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import { ERROR_CATALOGUE } from "../error-catalogue.ts";
import { ROUTES } from "../routes.ts";
import { docsPage } from "./docs-page.ts";
import { errorsPage } from "./errors-page.ts";
import { openApi } from "./open-api.ts";
import { OTHER_PATHS } from "./other-paths.ts";

const document = openApi(ROUTES);
const page = docsPage(ROUTES);

/** Every value under this name, however deep. */
function valuesOf(name: string, value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    ...(key === name ? [member] : []),
    ...valuesOf(name, member),
  ]);
}

test("every route is described once", () => {
  const ours = Object.entries(document.paths).filter(([address]) => !(address in OTHER_PATHS));
  const described = ours.flatMap(([address, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${address}`),
  );
  expect(described.toSorted()).toEqual(
    ROUTES.map(({ method, path: address }) => `${method} ${address}`).toSorted(),
  );
  const ids = valuesOf("operationId", document);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
  "%s names its parameters and has an example that it takes",
  (_, route) => {
    const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const operation = document.paths[route.path]?.[route.method.toLowerCase()];
    const parameters = valuesOf("name", operation?.["parameters"]);
    expect(parameters).toEqual(expect.arrayContaining(named));
    if (route.body === null) expect(route.example).toBeUndefined();
    else expect(route.body.safeParse(route.example).error).toBeUndefined();
  },
);

test("every reference leads somewhere", () => {
  const references = valuesOf("$ref", document).map((reference) => String(reference).split("/").at(-1));
  const shared = Object.keys(document.components["schemas"] as object);
  expect(references.length).toBeGreaterThan(0);
  expect(shared).toEqual(expect.arrayContaining(references));
});

test("the page stands alone: no scripts, nothing from elsewhere, no link into nothing", () => {
  expect(page).not.toMatch(/<script|<link|<img|@import|url\(/);
  const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, link]) => link ?? "");
  const anchors = new Set([...page.matchAll(/id="([^"]*)"/g)].map(([, id]) => `#${id}`));
  const broken = links.filter((link) => link !== "/openapi.json" && !anchors.has(link));
  expect(broken).toEqual([]);
  for (const code of Object.keys(ERROR_CATALOGUE)) expect(anchors).toContain(`#${code}`);
});

test("the page escapes what it shows", () => {
  const odd = ROUTES.slice(0, 1).map((route) => ({ ...route, summary: `<b onclick="x">&` }));
  expect(docsPage(odd)).toContain("&lt;b onclick=&quot;x&quot;&gt;&amp;");
});

test("docs/errors.md says what the code does", () => {
  const file = path.join(import.meta.dirname, "../../../../../docs/errors.md");
  expect(readFileSync(file, "utf8")).toBe(errorsPage());
});
