import type { Capability } from "@onepool/connectors/contract/capability.ts";
import { z } from "zod";

import { readConnection, type StoredConnection } from "../../../ledger/read/connection-store.ts";
import { type ComparedListing, readCompared } from "../../../observe/preview-store.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { cursor, limit, pageOf, sequencePart } from "../../schema/paging.ts";
import { instantText } from "../../view/instant-text.ts";
import { listingChange } from "../../view/listing-change.ts";
import { type PreviewKey, previewTotals, type PreviewTotals } from "../../view/preview-totals.ts";
import { unknownConnection } from "../../view/unknown.ts";
import { preview } from "./schema.ts";

export const previewConnection = defineRoute({
  method: "GET",
  path: "/v1/connections/{code}/preview",
  access: "read",
  tag: "The map",
  summary: "What going live would change",
  description:
    "For every listing what it shows, what it would be set to and why, with totals on the first page. In import mode nothing is read, so most stays unread: put the connection into shadow first.",
  answer: { status: 200, description: "A page, by external id.", schema: preview },
  problems: ["unknown_connection"],
  params: z.strictObject({ code }),
  query: z.strictObject({ limit, cursor: cursor(z.tuple([code, sequencePart])) }),
  body: null,
  async handle(deps, { caller, params, query }) {
    const { sellerId } = caller;
    const stored = await readConnection(deps.reader, sellerId, params.code);
    if (stored === null) return refusal(unknownConnection(params.code));
    const key = keyOf(sellerId, stored);
    const [after = "", givenSeq] = query.cursor ?? [];
    const totals = givenSeq === undefined ? await previewTotals(deps, key) : null;
    const previewedSeq = givenSeq ?? totals?.seq ?? 0;
    const capability = deps.kinds.get(key.kind)?.capability ?? null;
    const openedAfter = deps.clock.now() - (capability?.ownOrderSettlesMs ?? 0);
    const listed = await readCompared(deps.reader, key, { after, limit: query.limit + 1, openedAfter });
    const { items, nextCursor } = pageOf(listed, query.limit, ({ externalId }) => [externalId, previewedSeq]);
    const listings = items.map((listing) => previewed(listing, capability));
    const { code: connection, mode } = stored;
    return answer(200, { connection, mode, listings, nextCursor, totals: totalsView(totals), previewedSeq });
  },
});

function keyOf(sellerId: number, { code: connection, kind, settings }: StoredConnection): PreviewKey {
  const { stopsPerHour } = settings;
  return { sellerId, connection, kind, stopsPerHour: typeof stopsPerHour === "number" ? stopsPerHour : null };
}

function previewed(listing: ComparedListing, capability: Capability | null) {
  const { externalId, settings, components, observed, observedAt } = listing;
  const { title } = settings;
  return {
    externalId,
    title: typeof title === "string" ? title : null,
    components: components.map(({ sku, unitsPerSale }) => ({ sku, units: unitsPerSale })),
    observed,
    observedAt: instantText(observedAt),
    ...listingChange(listing, capability),
  };
}

function totalsView(totals: PreviewTotals | null) {
  if (totals === null) return null;
  const { effects, updatedSeq: _, seq: __, ...counted } = totals;
  const { to_zero: toZero, ...others } = effects;
  return { ...counted, ...others, toZero };
}
