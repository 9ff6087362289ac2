import type { JsonObject } from "@onepool/core/ledger/json.ts";

/** Of the listings of a connection that goes live: how many change, and of how many nobody knows what they show. */
export interface WentLive {
  readonly at: string;
  readonly previewedSeq: number | null;
  readonly rises: number;
  readonly falls: number;
  readonly toZero: number;
  readonly unread: number;
}

/** What stands in a connection's settings since it went live, and with them in the entry that recorded it. */
export function wentLiveOf(settings: JsonObject): WentLive | null {
  const said = settings["wentLive"];
  if (typeof said !== "object" || said === null || Array.isArray(said)) return null;
  const { at, previewedSeq, rises, falls, toZero, unread } = said as JsonObject;
  if (typeof at !== "string") return null;
  return {
    at,
    previewedSeq: typeof previewedSeq === "number" ? previewedSeq : null,
    rises: countOf(rises),
    falls: countOf(falls),
    toZero: countOf(toZero),
    unread: countOf(unread),
  };
}

function countOf(value: JsonObject[string]): number {
  return typeof value === "number" ? value : 0;
}
