import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { channelNameFault } from "./channel-name.ts";
import { titleOf, writeConnector } from "./write-connector.ts";

const root = join(import.meta.dirname, "../..");
const usage = "usage: npm run new-connector -- NAME, for example: npm run new-connector -- shopify";

/** Makes the folders of a new channel, in the one inner shape, and says what to build first. */
function run(name: string | undefined): number {
  const fault = name === undefined ? usage : channelNameFault(root, name);
  if (name === undefined || fault !== null) {
    console.error(fault);
    return 2;
  }
  const files = writeConnector(root, name);
  const formatter = join(root, "node_modules/oxfmt/bin/oxfmt");
  if (existsSync(formatter))
    spawnSync(process.execPath, [formatter, ...files], { cwd: root, stdio: "inherit" });
  console.log(`Made ${titleOf(name)}:\n${files.map((file) => `  ${file}`).join("\n")}

Nothing of it is built yet, and its battery says so by name:
  npm test -- scenarios/battery/${name}.battery.scenario.test.ts
Begin with the vendor's documentation and packages/simulators/src/${name}/README.md; see "A new connector" in CONTRIBUTING.md.`);
  return 0;
}

process.exitCode = run(process.argv[2]);
