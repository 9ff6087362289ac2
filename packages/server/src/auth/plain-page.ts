/** A page of a few words, without script or file beside it. `body` and `head` are HTML, `title` is escaped by whoever knows it. */
export function plainPage(title: string, body: string, head = ""): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}
<title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1.5rem;color:#1a1b1e;background:#fff}
pre{padding:.75rem 1rem;border-radius:.5rem;background:#f1f3f5;overflow-x:auto}
@media (prefers-color-scheme:dark){body{color:#e9ecef;background:#1a1b1e}pre{background:#2c2e33}a{color:#74c0fc}}</style></head>
<body><main><h1>${title}</h1>
${body}</main></body></html>
`;
}
