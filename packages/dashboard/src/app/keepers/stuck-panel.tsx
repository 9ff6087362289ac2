import { useQuery } from "@tanstack/react-query";

import { replayFact } from "../../features/intake/api/decide.ts";
import { stuckFactsQuery } from "../../features/intake/api/get-keepers.ts";
import { StuckFacts } from "../../features/intake/components/stuck-facts.tsx";
import { Refused } from "./confirm.tsx";
import { useDecision } from "./use-decision.ts";

interface StuckPanelProps {
  readonly connection: string;
  readonly state: "waiting" | "poison";
  readonly total: number;
}

/** What a keeper told that waits or was put aside, and the way to have it tried again. */
export function StuckPanel({ connection, state, total }: StuckPanelProps) {
  const { data } = useQuery(stuckFactsQuery(connection, state));
  const replay = useDecision(async (factIds: readonly string[]) => {
    for (const factId of factIds) await replayFact(connection, factId);
  });
  return (
    <div>
      <StuckFacts
        facts={data?.facts ?? []}
        {...{ state, total }}
        onRetry={replay.mutate}
        isRetrying={replay.isPending}
      />
      <Refused error={replay.error} />
    </div>
  );
}
