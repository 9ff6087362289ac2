// The page at /docs: one HTML document without scripts and without anything from elsewhere.
import { ERROR_GROUPS } from "../error-catalogue.ts";
import type { Route } from "../route/route.ts";
import { escaped, prose } from "./html.ts";
import type { JsonSchema } from "./json-schema.ts";
import { JsonSchemas } from "./json-schema.ts";
import { problemsOf } from "./open-api.ts";
import { schemaTable } from "./schema-table.ts";

/** The page of these routes. */
export function docsPage(routes: readonly Route[]): string {
  const schemas = new JsonSchemas();
  const tags = [...new Set(routes.map((route) => route.tag))];
  const menu = tags.map(
    (tag) =>
      `<h3>${tag}</h3><ul>${routes
        .filter((route) => route.tag === tag)
        .map(menuItem)
        .join("")}</ul>`,
  );
  const sections = tags.map(
    (tag) =>
      `<h2>${tag}</h2>${routes
        .filter((route) => route.tag === tag)
        .map((route) => section(route, schemas))
        .join("")}`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Onepool API</title><style>${STYLE}</style></head><body>
<nav aria-label="Calls"><a href="#top"><strong>Onepool API</strong></a>${menu.join("")}<h3>Errors</h3><ul>${Object.keys(
    ERROR_GROUPS,
  )
    .map((name) => `<li><a href="#${slug(name)}">${name}</a></li>`)
    .join("")}</ul></nav>
<main id="top"><h1>Onepool API</h1>${INTRODUCTION}${sections.join("")}${errorSections()}</main></body></html>`;
}

const INTRODUCTION = [
  "Send <code>Authorization: Bearer &lt;key&gt;</code>; the key names the seller and has the role <code>read</code>, <code>operate</code> or <code>admin</code>, each including the one before. Bodies are JSON in UTF-8, unknown fields are refused by name.",
  "Lists page by <code>cursor</code>: send the <code>nextCursor</code> of one page to get the next; it is null on the last. Batches hold up to 1,000 items and are answered per item, in the order sent.",
  "<code>Idempotency-Key</code> is optional on every write: the same key with the same request gets the same answer for 7 days.",
  'The same as a document for tools: <a href="/openapi.json">/openapi.json</a>. Live changes: <code>GET /v1/stream</code> (server-sent events, resumed by <code>Last-Event-ID</code>). Marketplaces send their notifications to a connection\'s <code>hookUrl</code>. For operators: <code>GET /health</code>, <code>GET /ready</code> (open), <code>GET /metrics</code>.',
]
  .map((paragraph) => `<p>${paragraph}</p>`)
  .join("");

function menuItem(route: Route): string {
  return `<li><a href="#${slug(`${route.method} ${route.path}`)}">${route.method} ${escaped(route.path)}</a></li>`;
}

function section(route: Route, schemas: JsonSchemas): string {
  const { method, path, access, summary, description } = route;
  const id = slug(`${method} ${path}`);
  const parts = [
    `<h3><span class="method ${method.toLowerCase()}">${method}</span> <code>${escaped(path)}</code></h3>`,
    `<p><strong>${prose(summary)}.</strong> ${description === undefined ? "" : prose(description)} <small>Role: ${access}.</small></p>`,
    table("Address", schemas.of(route.params, "input"), schemas),
    table("Query", schemas.of(route.query, "input"), schemas),
    route.body === null ? "" : table("Body", schemas.of(route.body, "input"), schemas),
    example(route),
    table(`Answer ${route.answer.status}`, schemas.of(route.answer.schema, "output"), schemas),
    `<p>Problems: ${problemsOf(route)
      .map((code) => `<a href="#${code}">${code}</a>`)
      .join(", ")}</p>`,
  ];
  return `<section id="${id}">${parts.join("")}</section>`;
}

function table(heading: string, schema: JsonSchema, schemas: JsonSchemas): string {
  const isEmpty = schema.type === "object" && Object.keys(schema.properties ?? {}).length === 0;
  return isEmpty ? "" : `<h4>${heading}</h4>${schemaTable(schema, schemas.shared)}`;
}

function example(route: Route): string {
  if (route.example === undefined) return "";
  return `<h4>Example</h4><pre tabindex="0">${escaped(JSON.stringify(route.example, null, 2))}</pre>`;
}

function errorSections(): string {
  return Object.entries(ERROR_GROUPS)
    .map(([name, errors]) => {
      const rows = Object.entries(errors).map(
        ([code, { status, title, mend }]) =>
          `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${prose(title)}</td><td>${prose(mend)}</td></tr>`,
      );
      return `<h2 id="${slug(name)}">Errors: ${name}</h2><table><thead><tr><th>code</th><th>status</th><th>meaning</th><th>mend</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
    })
    .join("");
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

const STYLE = `
:root{color-scheme:light dark}
body{margin:0;font:15px/1.5 system-ui,sans-serif;display:grid;grid-template-columns:minmax(16rem,20rem) minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1rem;box-sizing:border-box;border-right:1px solid #8884;font-size:13px}
nav ul{list-style:none;padding:0;margin:0}nav h3{margin:1rem 0 .2rem;font-size:13px}nav a{overflow-wrap:anywhere}
main{padding:1rem 2rem 6rem;max-width:60rem}section{border-top:1px solid #8884;padding:.5rem 0 1rem}
table{border-collapse:collapse;width:100%;font-size:13px}td,th{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;border-bottom:1px solid #8883;overflow-wrap:anywhere}td:first-child,th:first-child{min-width:15rem}
pre{background:#8881;padding:.8rem;overflow:auto;border-radius:4px}code{font-family:ui-monospace,monospace;font-size:.95em}
.method{display:inline-block;min-width:3.2rem;text-align:center;border-radius:4px;padding:0 .3rem;color:#fff;font-size:.8em}
.get{background:#1c6e4a}.put{background:#8a5a00}.post{background:#1f5fa8}
@media(max-width:50rem){body{display:block}nav{position:static;height:auto;border:0}main{padding:1rem}}
`;
