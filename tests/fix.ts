import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Mends what the tools can mend by themselves: lint findings first, since mending them may spoil the format. */
const root = join(import.meta.dirname, "..");

for (const [tool, ...args] of [["oxlint", "--fix"], ["oxfmt"]] as const) {
  const program = join(root, "node_modules", tool, "bin", tool);
  const { status } = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
