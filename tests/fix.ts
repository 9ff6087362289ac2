import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { taggedTests, withListsRenewed } from "./house/invariants.ts";
import { hashList, landed, migrations } from "./house/migration-hashes.ts";
import { root, textOf } from "./house/repository.ts";

/** Mends what can be mended without a decision: what the tools mend by themselves, and the lists kept true by tests. */

// Lint findings first, since mending them may spoil the format.
for (const [tool, ...args] of [["oxlint", "--fix"], ["oxfmt"]] as const) {
  const program = join(root, "node_modules", tool, "bin", tool);
  const { status } = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}

writeFileSync(join(root, "SPEC.md"), withListsRenewed(textOf("SPEC.md"), taggedTests()));

// Only what is new: a migration that was changed after it landed is not for a tool to condone.
const known = existsSync(join(root, hashList)) ? landed() : {};
const hashes = { ...Object.fromEntries(migrations()), ...known };
writeFileSync(join(root, hashList), `${JSON.stringify(hashes, undefined, 2)}\n`);
