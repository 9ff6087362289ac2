import type { Instant } from "@onepool/core/ledger/units.ts";
import { z } from "zod";

import type { Collected } from "../contract/keeper/keeper.ts";
import { type Outcome, succeeded } from "../contract/outcome.ts";
import type { ShipHeroClient } from "./client.ts";
import { CHANGES } from "./queries.ts";
import { fromLog, toChange } from "./to-change.ts";
import { writeTime } from "./vendor-time.ts";
import { changesSchema } from "./wire.ts";

export interface LogReader {
  readonly client: ShipHeroClient;
  readonly timeZone: string;
  readonly clock: { now(): number };
}

/**
 * A reading begins this long before the end of the last one, in milliseconds: what happened then may not have been listed yet. What is
 * told twice has the same fact id.
 */
const OVERLAP_MS = 900_000;

/** The longest stretch that is asked for at once, in milliseconds. */
const WINDOW_MS = 30 * 86_400_000;

/** Pages are positions in a list: it is kept from growing by a fixed end. */
const cursorSchema = z.object({
  from: z.number(),
  to: z.number().nullable(),
  after: z.string().nullable(),
});
type Cursor = z.infer<typeof cursorSchema>;

/** The log of what changed in which bin: the net under the webhooks, which tell the same and may be lost. */
export async function collectChanges(
  { client, timeZone, clock }: LogReader,
  query: { readonly cursor: string | null; readonly since: Instant },
): Promise<Outcome<Collected>> {
  const now = clock.now();
  const { from, after, ...cursor } = unpacked(query.cursor) ?? { from: query.since, to: null, after: null };
  const to = cursor.to ?? Math.min(now, from + WINDOW_MS);
  if (to <= from)
    return succeeded({ facts: [], cursor: packed({ from, to: null, after: null }), hasMore: false });
  const variables = { from: writeTime(from, timeZone), to: writeTime(to, timeZone), after };
  const page = await client.call(changesSchema, { query: CHANGES, variables, budget: "reads" });
  if (!page.ok) return page;
  const { edges, pageInfo } = page.value.inventory_changes.data;
  const facts = edges.flatMap(
    ({ node }) => toChange(fromLog(node, timeZone), node.location?.sellable === false) ?? [],
  );
  const end = pageInfo.endCursor;
  if (pageInfo.hasNextPage && edges.length > 0 && end)
    return succeeded({ facts, cursor: packed({ from, to, after: end }), hasMore: true });
  // A window that ended long ago was complete; the youngest one is read again from a little before its end.
  const isYoung = to > now - OVERLAP_MS;
  const next = { from: isYoung ? Math.max(query.since, to - OVERLAP_MS) : to, to: null, after: null };
  return succeeded({ facts, cursor: packed(next), hasMore: !isYoung });
}

function packed(cursor: Cursor): string {
  return JSON.stringify(cursor);
}

/** One that cannot be read is none: everything is read again, and is known already. */
function unpacked(text: string | null): Cursor | null {
  if (text === null) return null;
  try {
    return cursorSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
