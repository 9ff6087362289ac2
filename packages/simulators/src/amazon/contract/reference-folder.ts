import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where Amazon's official models and schemas lie, if this machine has them: beside the repository, not in it. */
const FOLDER = fileURLToPath(new URL("../../../../../../shared/references/amazon-sp-api", import.meta.url));

/** Given to `skip` with the reason, so that a run without the files says so. */
export const isReferenceMissing = !existsSync(FOLDER);
export const MISSING_REASON = "needs ../shared/references/amazon-sp-api";

/** A JSON file of that folder. */
export function readReference(path: string): unknown {
  return JSON.parse(readFileSync(`${FOLDER}/${path}`, "utf8")) as unknown;
}
