// An X12 file by its profile → facts, or what is wrong with it, segment by segment.
import type { KeeperFact } from "../../contract/keeper/keeper-fact.ts";
import type { KeeperFile } from "../../contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { Problems } from "../csv/problems.ts";
import type { X12Profile } from "../profile.ts";
import { readInterchanges } from "./interchange.ts";
import { toCorrections } from "./to-corrections.ts";
import { toLevels } from "./to-levels.ts";
import { toReceipt } from "./to-receipt.ts";
import { toShipment } from "./to-shipment.ts";
import { X12Reader } from "./x12-reader.ts";

export function readX12(
  file: KeeperFile,
  profile: X12Profile,
  setting: { readonly timeZone: string; readonly onlyFacility: string | null },
): Outcome<readonly KeeperFact[]> {
  const problems = new Problems("segment");
  const text = decode(file.bytes, profile.encoding, problems);
  const transactions = text === null ? null : readInterchanges(text, problems);
  const context = {
    profile,
    timeZone: profile.timeZone ?? setting.timeZone,
    location: profile.location ?? setting.onlyFacility,
    receivedAt: file.receivedAt,
    problems,
  };
  const facts = (transactions ?? []).flatMap((transaction) => factsOf(new X12Reader(transaction, context)));
  if (problems.isEmpty) return succeeded(facts);
  const message = `${file.name} was not read.\n${problems.toString()}`;
  return failed({ kind: "rejected", code: "unreadable_file", message });
}

function factsOf(reader: X12Reader): readonly KeeperFact[] {
  const { set, opening } = reader.transaction;
  switch (set) {
    case "846":
      return toLevels(reader);
    case "944":
      return toReceipt(reader);
    case "945":
      return toShipment(reader);
    case "947":
      return toCorrections(reader);
    // Acknowledgements say nothing of goods.
    case "997":
    case "999":
      return [];
    default:
      reader.problem(opening, `a transaction ${set} is not read: only 846, 944, 945 and 947 are.`);
      return [];
  }
}

function decode(bytes: Uint8Array, encoding: X12Profile["encoding"], problems: Problems): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    problems.add(1, null, `the file is not ${encoding}: name its encoding in the profile.`);
    return null;
  }
}
