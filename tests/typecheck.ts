import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";

/** Compiles every package against its own tsconfig: each says which globals exist there. */
const root = join(import.meta.dirname, "..");
const compiler = join(root, "node_modules/typescript/bin/tsc");

const failed = globSync("{packages/*,scenarios,benchmarks,launch,tests}/tsconfig*.json", { cwd: root })
  .toSorted()
  .filter(
    (project) =>
      spawnSync(process.execPath, [compiler, "--project", project], { cwd: root, stdio: "inherit" })
        .status !== 0,
  );

if (failed.length > 0) {
  process.stdout.write(`does not compile: ${failed.join(", ")}\n`);
  process.exitCode = 1;
}
