import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { expect, test } from "vitest";

import { root } from "./house/repository.ts";

/** The tools whose word is law here; their configuration lies in the root. */
const checks = [
  { name: "every package compiles", program: "tests/typecheck.ts", args: [] },
  { name: "oxlint finds nothing", program: "node_modules/oxlint/bin/oxlint", args: ["--deny-warnings"] },
  { name: "oxfmt would change nothing", program: "node_modules/oxfmt/bin/oxfmt", args: ["--check"] },
  { name: "knip finds nothing unused", program: "node_modules/knip/bin/knip.js", args: ["--no-progress"] },
];

test.for(checks)("$name", ({ program, args }) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, program), ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(status, `${stdout}${stderr}`).toBe(0);
});
