import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const templates = join(import.meta.dirname, "templates");

/** The table of channels, which the server reads. */
const REGISTER = "packages/server/src/start/channel-kinds.ts";

/** Writes a new channel's files below `root` and registers it; answers the paths, from the root. */
export function writeConnector(root: string, name: string): string[] {
  // First of all, so that nothing is half made where the table has another shape.
  const register = registered(readFileSync(join(root, REGISTER), "utf8"), name);
  const written = globSync("**/*.txt", { cwd: templates })
    .toSorted()
    .map((template) => {
      const path = filled(template.replaceAll("\\", "/").replace(/\.txt$/, ""), name);
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), filled(readFileSync(join(templates, template), "utf8"), name));
      return path;
    });
  writeFileSync(join(root, REGISTER), register);
  return [...written, REGISTER];
}

/** `shopify` as people write it; to be mended by hand where they write it otherwise. */
export function titleOf(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function filled(text: string, name: string): string {
  return text.replaceAll("__name__", name).replaceAll("__Title__", titleOf(name));
}

/** The table with one more channel, imports in the order of their names. */
function registered(text: string, name: string): string {
  const line = `import { ${name} } from "@onepool/connectors/${name}/connector.ts";`;
  const lines = text.split("\n");
  const imports = lines.filter((each) => each.startsWith("import { "));
  const sorted = [...imports, line].toSorted((left, right) => (specifier(left) < specifier(right) ? -1 : 1));
  const first = lines.findIndex((each) => each.startsWith("import { "));
  const others = lines.filter((each) => !imports.includes(each));
  const whole = others.toSpliced(first, 0, ...sorted).join("\n");
  const table = /(CHANNEL_KINDS[^=]*=\s*\[)([^\]]*?),?(\s*\])/;
  if (first < 0 || !table.test(whole))
    throw new Error(`${REGISTER} has another shape: mend write-connector.ts`);
  return whole.replace(table, (_, before: string, kinds: string, after: string) => {
    const list = kinds.trim() === "" ? name : `${kinds}, ${name}`;
    return `${before}${list}${after}`;
  });
}

function specifier(line: string): string {
  return line.slice(line.indexOf(" from "));
}
