import { expect, it } from "vitest";

import type { KeeperFact } from "../../../api/contract.ts";
import { stuckGroups } from "./stuck-groups.ts";

function fact(factId: string, kind: KeeperFact["kind"], error: string, receivedAt: string): KeeperFact {
  return { factId, kind, error, receivedAt } as KeeperFact;
}

it("makes one thing to mend of all facts of a kind with one reason, the largest first", () => {
  const groups = stuckGroups([
    fact("1", "pick", "Who is B-1?", "2026-11-23T14:00:00Z"),
    fact("2", "shipment", "Where is F9?", "2026-11-23T14:02:00Z"),
    fact("3", "shipment", "Where is F9?", "2026-11-23T14:03:00Z"),
    fact("4", "shipment", "Who is B-1?", "2026-11-23T14:01:00Z"),
  ]);
  expect(groups.map(({ factIds }) => factIds)).toEqual([["2", "3"], ["1"], ["4"]]);
  expect(groups[0]).toMatchObject({ error: "Where is F9?", latestAt: "2026-11-23T14:03:00Z" });
});
