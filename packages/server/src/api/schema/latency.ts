// How long the hops took: what several calls answer.
import { HOPS } from "@onepool/core/observe/latency-histogram.ts";
import { z } from "zod";

const milliseconds = z.int().nullable().meta({ description: "Milliseconds; null without samples." });

const summary = z
  .strictObject({ samples: z.int(), p50: milliseconds, p95: milliseconds, p99: milliseconds })
  .meta({ id: "LatencySummary" });

export const hopsAnswer = z.record(z.enum(HOPS), summary).meta({
  description:
    "event_to_received: from the event, as the channel dates it, until it reached us. received_to_committed: until its entry was committed. event_to_committed: the two before in one. committed_to_pushed: from the commit until a listing's write was answered. pushed_to_confirmed: until a reading showed it. committed_to_confirmed: the two before in one.",
});
