import { createHash } from "node:crypto";

import type { KeeperFact } from "../contract/keeper/keeper-fact.ts";
import type { KeeperFile } from "../contract/keeper/keeper.ts";
import { failed, type Outcome } from "../contract/outcome.ts";
import { readCsv } from "./csv/read-csv.ts";
import { profileOf } from "./profile.ts";
import type { FileDropSettings } from "./settings.ts";
import { readX12 } from "./x12/read-x12.ts";

/** The facts in a file, or why it is refused whole. The same bytes are the same facts. */
export function readDropped(file: KeeperFile, settings: FileDropSettings): Outcome<readonly KeeperFact[]> {
  const sha256 = sha256Of(file.bytes);
  const { files, locations, timeZone } = settings;
  const facilities = Object.keys(locations);
  const onlyFacility = facilities.length === 1 ? (facilities[0] ?? null) : null;
  const profile = profileOf(files, file.name);
  if (profile?.format === "x12") return readX12(file, profile, { timeZone, onlyFacility });
  if (profile !== null) return readCsv(file, profile, { sha256, timeZone, onlyFacility });
  const message = `${file.name} was not read: no profile in the connection's settings.files matches its name.`;
  return failed({ kind: "rejected", code: "unknown_file", message });
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url");
}
