import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const name = "tomorrow";

/** What a new channel touches, and what its tests run on. */
const needed = [
  "packages/core",
  "packages/connectors",
  "packages/simulators",
  "packages/server",
  "scenarios",
  "tests",
  "launch",
  "package.json",
  "tsconfig.base.json",
  "vitest.config.ts",
  ".oxlintrc.json",
  ".oxfmtrc.json",
];

let copy: string;
let first: ReturnType<typeof run>;
let made: string[] = [];

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "onepool-new-connector-"));
  const isOurs = (path: string): boolean => !["node_modules", "dist"].includes(basename(path));
  for (const path of needed) cpSync(join(root, path), join(copy, path), { recursive: true, filter: isOurs });
  linkPackages();
  first = run("launch/new-connector/new-connector.ts", name);
  made = first.output
    .split("\n")
    .filter((line) => /^ {2}\S+\.(ts|md)$/.test(line))
    .map((line) => line.trim());
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** The packages installed here, and our own ones as they lie in the copy. */
function linkPackages(): void {
  const from = join(root, "node_modules");
  const to = join(copy, "node_modules");
  mkdirSync(join(to, "@onepool"), { recursive: true });
  for (const entry of readdirSync(from))
    if (entry !== "@onepool" && !entry.startsWith(".vite")) symlinkSync(join(from, entry), join(to, entry));
  for (const entry of readdirSync(join(from, "@onepool")))
    symlinkSync(readlinkSync(join(from, "@onepool", entry)), join(to, "@onepool", entry));
  for (const path of needed) {
    const own = join(root, path, "node_modules");
    if (existsSync(own)) symlinkSync(own, join(copy, path, "node_modules"));
  }
}

function run(program: string, ...args: string[]): { status: number | null; output: string } {
  // The summary of the run around us is not the inner one's to write.
  const { ONEPOOL_TEST_SUMMARY: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, program), ...args], {
    cwd: copy,
    encoding: "utf8",
    env: { ...env, NO_COLOR: "1" },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, output: `${stdout}${stderr}` };
}

test("makes the folders of a channel and registers it", () => {
  expect(first.status, first.output).toBe(0);
  expect(made.filter((path) => !existsSync(join(copy, path)))).toEqual([]);
  expect(made).toContain(`packages/connectors/src/${name}/connector.ts`);
  expect(readFileSync(join(copy, "packages/server/src/start/channel-kinds.ts"), "utf8")).toMatch(
    new RegExp(`CHANNEL_KINDS.*= \\[.*\\b${name}\\b`, "s"),
  );
});

test("what it makes has the shape of the connectors that are there", () => {
  const home = join(copy, "packages/connectors/src");
  expect(readdirSync(join(home, name)).toSorted()).toEqual(
    [
      "README.md",
      "auth.ts",
      "capability.ts",
      "client.ts",
      "connector.ts",
      "error.ts",
      "fixtures",
      "to-inbound.ts",
      "to-push.ts",
      `${name}.test.ts`,
      "wire.ts",
    ].toSorted(),
  );
});

test.for(["packages/connectors", "packages/simulators", "packages/server", "scenarios"])(
  "what it makes compiles: %s",
  (project) => {
    const { output } = run("node_modules/typescript/bin/tsc", "--project", project, "--explainFiles");
    // Whether everything else compiles is the house's own test.
    const lines = output.split("\n");
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`/${name}(/|-subject)`)));
    const touched = [...made, "channel-kinds.ts"];
    const errors = lines.filter((line) => line.includes("error TS"));
    expect(errors.filter((line) => touched.some((path) => line.includes(path)))).toEqual([]);
  },
);

test("what it makes is linted and formatted", () => {
  const sources = made.filter((path) => path.endsWith(".ts"));
  expect(sources.length).toBeGreaterThan(0);
  const linted = run("node_modules/oxlint/bin/oxlint", "--deny-warnings", ...sources);
  expect(linted.status, linted.output).toBe(0);
  const formatted = run("node_modules/oxfmt/bin/oxfmt", "--check", ...made);
  expect(formatted.status, formatted.output).toBe(0);
});

test("what it makes passes the test of its own and fails the battery, which names what is not built yet", () => {
  const own = run("node_modules/vitest/vitest.mjs", "run", `packages/connectors/src/${name}`);
  expect(own.status, own.output).toBe(0);
  const battery = run("node_modules/vitest/vitest.mjs", "run", `scenarios/battery/${name}`);
  expect(battery.status, battery.output).not.toBe(0);
  for (const part of ["readAccountId", "fetchOrder", "listChangedOrders", "readListings", "pushQuantity"])
    expect(battery.output).toContain(`not built yet: ${part}`);
  expect(battery.output).toContain("not built yet: POST /_sim/orders");
});

test("says what is wrong with a name, and makes nothing over what is there", () => {
  for (const wrong of [name, "mercadolibre", "contract", "class", "../x", "Shopify", "x y", ""]) {
    const { status, output } = run("launch/new-connector/new-connector.ts", wrong);
    expect([wrong, status]).toEqual([wrong, 2]);
    expect(output).toMatch(/is no name|is there already|something else/);
  }
  expect(run("launch/new-connector/new-connector.ts").output).toMatch(/^usage:/);
});
