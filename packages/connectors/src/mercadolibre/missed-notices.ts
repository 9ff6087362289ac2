import { createHash } from "node:crypto";

import type { MissedNoticesPage } from "../contract/connector.ts";
import { type Outcome, succeeded } from "../contract/outcome.ts";
import type { MercadoLibreClient } from "./client.ts";
import type { SellerAccount } from "./seller-account.ts";
import { MISSED_TOPICS } from "./to-notice.ts";
import { missedFeedsSchema } from "./wire.ts";

const PAGE_SIZE = 50;

/** Rows looked at per topic and pass: two days of a long outage are found by listing orders. */
const OFFSET_MAX = 2_000;

/** A place in the lists: which topic, from where, and what the page before showed. */
interface Place {
  readonly topic: number;
  readonly offset: number;
  readonly before: string;
}

/** One page of `GET /missed_feeds`, topic after topic; it keeps two days of what nobody answered with 200. */
export async function listMissed(
  client: MercadoLibreClient,
  clientId: string,
  seller: SellerAccount,
  page?: string,
): Promise<Outcome<MissedNoticesPage>> {
  const place = placeOf(page);
  const topic = MISSED_TOPICS[place.topic];
  if (topic === undefined) return succeeded({ bodies: [], nextPage: null });
  const query = {
    app_id: clientId,
    topic,
    // Mandatory for items, and harmless for the others (SPEED).
    ...(seller.siteId === null ? {} : { site_id: seller.siteId }),
    limit: String(PAGE_SIZE),
    offset: String(place.offset),
  };
  const feeds = await client.call(missedFeedsSchema, { method: "GET", path: "/missed_feeds", query });
  // A topic that the app does not follow says nothing about the next one.
  const isUnknown = !feeds.ok && (feeds.error.kind === "rejected" || feeds.error.kind === "not_found");
  if (!feeds.ok && !isUnknown) return feeds;
  const rows = feeds.ok ? (feeds.value.messages ?? []) : [];
  // The list is the app's, with all sellers who let it in.
  const bodies = rows.filter(({ user_id: userId }) => userId === seller.accountId);
  const next = placeAfter(place, rows);
  return succeeded({ bodies, nextPage: next.topic < MISSED_TOPICS.length ? nameOf(next) : null });
}

/**
 * Rows were seen to repeat between pages: each begins a row early, so that none is passed over, and a page that shows the same
 * as the last is the end.
 */
function placeAfter(place: Place, rows: readonly { readonly _id?: unknown }[]): Place {
  const shown = fingerprintOf(rows);
  const offset = place.offset + Math.max(1, rows.length - 1);
  const isEnd = rows.length === 0 || shown === place.before || offset >= OFFSET_MAX;
  return isEnd ? { topic: place.topic + 1, offset: 0, before: "" } : { ...place, offset, before: shown };
}

function fingerprintOf(rows: readonly { readonly _id?: unknown }[]): string {
  return createHash("sha256")
    .update(rows.map(({ _id: id }) => String(id)).join(" "))
    .digest("base64url")
    .slice(0, 16);
}

function nameOf({ topic, offset, before }: Place): string {
  return `${topic}.${offset}.${before}`;
}

function placeOf(page: string | undefined): Place {
  const [, topic = "0", offset = "0", before = ""] = /^(\d)\.(\d{1,5})\.([\w-]*)$/.exec(page ?? "") ?? [];
  return { topic: Number(topic), offset: Number(offset), before };
}
