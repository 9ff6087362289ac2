import { useQuery } from "@tanstack/react-query";

import type { KeeperStanding } from "../../api/contract.ts";
import { replayFact } from "../../features/intake/api/decide.ts";
import { stuckFactsQuery } from "../../features/intake/api/get-keepers.ts";
import { StuckFacts } from "../../features/intake/components/stuck-facts.tsx";
import { Refused } from "./confirm.tsx";
import { useDecision } from "./use-decision.ts";

interface StuckPanelProps {
  readonly keeper: KeeperStanding;
  readonly state: "waiting" | "poison";
}

/** What a keeper told that waits or was put aside, and the way to have it tried again. */
export function StuckPanel({ keeper, state }: StuckPanelProps) {
  const { connection, mode, heldSnapshot } = keeper;
  const { data } = useQuery(stuckFactsQuery(connection, state));
  const replay = useDecision(async (factIds: readonly string[]) => {
    for (const factId of factIds) await replayFact(connection, factId);
  });
  const facts = data?.facts ?? [];
  // Snapshots that are held have a notice of their own, with the way to let them in.
  const shown = facts.filter(({ kind }) => heldSnapshot === null || kind !== "snapshot");
  const total = keeper.facts[state] - (facts.length - shown.length);
  if (shown.length === 0) return null;
  return (
    <div>
      <StuckFacts
        facts={shown}
        {...{ state, total }}
        isKept={mode !== "live" && state === "waiting"}
        onRetry={replay.mutate}
        isRetrying={replay.isPending}
      />
      <Refused error={replay.error} />
    </div>
  );
}
