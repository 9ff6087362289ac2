import type { KeeperFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import { z } from "zod";

import { inTransaction } from "../../../connections/in-transaction.ts";
import { storeFacts, type Stored } from "../../../intake/keeper/keeper-fact-store.ts";
import { problemInBatch, type Problem } from "../../problem.ts";
import { type CheckedItem, checkItems, REFUSED } from "../../route/batch-route.ts";
import { findKeeper } from "../../route/find-keeper.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute, refusal, type Route } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { keeperFact } from "../../schema/keeper-fact.ts";

const BATCH_SIZE = 1_000;

/** Clocks may differ by this, in milliseconds. */
const FUTURE_MS = 5 * 60_000;

const taken = z.strictObject({ ok: z.literal(true), factId: z.string() });

const route = defineRoute({
  method: "POST",
  path: "/v1/keepers/{connection}/facts",
  access: "operate",
  tag: "Stock",
  summary: "What happened in a warehouse that has no API of its own",
  description:
    "For connections of a kind that writes to us, such as http-keeper: snapshots, adjustments, picks, shipments, receipts and returns, in the keeper's own codes. Stored before it is answered and worked on at once; GET shows what came of it. The same factId with the same content gets the same answer, with other content external_id_conflict.",
  example: {
    facts: [
      {
        kind: "snapshot",
        factId: "count-2026-11-23",
        asOf: { from: "2026-11-23T10:00:00Z", to: "2026-11-23T10:00:00Z" },
        scope: "full",
        lines: [{ item: "KB-M", facility: "MEX-1", onHand: 40, held: 2 }],
      },
      {
        kind: "shipment",
        factId: "order-17/3",
        occurredAt: "2026-11-23T10:05:00Z",
        updatedAt: "2026-11-23T10:05:00Z",
        keeperOrderId: "17",
        reference: "op-1-ab12",
        status: "shipped",
        lines: [{ item: "KB-M", facility: "MEX-1", ordered: 2, shipped: 2 }],
      },
    ],
  },
  answer: {
    status: 200,
    description: "Each fact's answer, in the order sent.",
    schema: z.strictObject({ results: z.array(z.union([taken, REFUSED])) }),
  },
  problems: ["unknown_connection", "external_id_conflict", "occurred_in_future"],
  params: z.strictObject({ connection: code }),
  query: NOTHING,
  body: z.strictObject({ facts: z.array(z.unknown()).max(BATCH_SIZE) }),
  async handle(deps, { caller, params, body }) {
    const { sellerId } = caller;
    const found = await findKeeper(deps, sellerId, params.connection);
    if (!found.ok) return refusal(found.problem);
    const { levels, movements, title } = found.kind.capability;
    if (levels !== "pushed" && movements !== "pushed") return refusal(tellsItself(params.connection, title));
    const receivedAt = deps.clock.now();
    const items = checkItems(body.facts, keeperFact).map((item) => notOfTheFuture(item, receivedAt));
    const facts = items.flatMap((item) => (item.ok ? [item.value] : []));
    const origin = { sellerId, code: params.connection, way: "api", deliveryId: null, receivedAt } as const;
    const stored = await inTransaction(deps.pool, (client) => storeFacts(client, origin, facts));
    if (stored.includes("new")) deps.keepers?.onStored();
    return answer(200, { results: resultsOf(items, stored) });
  },
});

/** An item that is malformed fails alone, so that each is checked by itself; documented is what they have to be. */
export const postKeeperFacts: Route = {
  ...route,
  body: z.strictObject({ facts: z.array(keeperFact).max(BATCH_SIZE) }),
};

function tellsItself(connection: string, title: string): Problem {
  const message = `${connection} is a connection to ${title}, which is read: only keepers that write to us are told of here.`;
  return { code: "invalid_field", field: "connection", message };
}

function notOfTheFuture(item: CheckedItem<KeeperFact>, now: number): CheckedItem<KeeperFact> {
  if (!item.ok) return item;
  const { value } = item;
  const [field, at] =
    value.kind === "snapshot"
      ? (["asOf.to", value.asOf.to] as const)
      : (["occurredAt", value.occurredAt] as const);
  if (at <= now + FUTURE_MS) return item;
  const message = `${field} lies more than 5 minutes in the future.`;
  return { ok: false, problem: { code: "occurred_in_future", field, message } };
}

function resultsOf(items: readonly CheckedItem<KeeperFact>[], stored: readonly Stored[]): object[] {
  let next = 0;
  return items.map((item) => {
    if (!item.ok) return problemInBatch(item.problem);
    const { factId } = item.value;
    if (stored[next++] !== "conflict") return { ok: true, factId };
    const message = `The fact ${factId} was told with other content before: that one stands.`;
    return problemInBatch({ code: "external_id_conflict", field: "factId", message });
  });
}
