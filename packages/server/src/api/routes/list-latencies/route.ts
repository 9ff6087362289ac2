import { z } from "zod";

import { readLatencies } from "../../../observe/latency-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute } from "../../route/route.ts";
import { instantText } from "../../view/instant-text.ts";
import { latencyList } from "./schema.ts";

/** What is looked at: long enough to hold samples on a slow day, short enough to tell of today. */
const WINDOW_MS = 60 * 60_000;

export const listLatencies = defineRoute({
  method: "GET",
  path: "/v1/latencies",
  access: "read",
  tag: "Numbers",
  summary: "How long a sale takes to reach every channel",
  description: "Per connection and hop, over the last hour, in milliseconds.",
  answer: { status: 200, description: "All connections with samples.", schema: latencyList },
  problems: [],
  params: NOTHING,
  query: z.strictObject({}),
  body: null,
  async handle(deps, { caller }) {
    const since = deps.clock.now() - WINDOW_MS;
    const measured = await readLatencies(deps.pool, caller.sellerId, since);
    const latencies = [...measured].map(([connection, hops]) => ({
      connection,
      hops: Object.fromEntries(hops),
    }));
    return answer(200, { latencies, since: instantText(since) });
  },
});
