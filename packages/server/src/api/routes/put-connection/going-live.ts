import type { StoredConnection } from "../../../ledger/read/connection-store.ts";
import { readHealth } from "../../../observe/connection-health-store.ts";
import type { ApiDeps } from "../../api-deps.ts";
import type { Problem } from "../../problem.ts";
import { instantText } from "../../view/instant-text.ts";
import { previewTotals, type PreviewTotals } from "../../view/preview-totals.ts";
import type { WentLive } from "../../view/went-live.ts";

/** Said along with the answer, never in the way: outsiders go live with one PUT. */
export interface Warning {
  readonly code: "not_previewed" | "changed_since_preview" | "import_not_complete";
  readonly message: string;
}

type GoingLive =
  | { readonly ok: true; readonly wentLive: WentLive | null; readonly warnings: readonly Warning[] }
  | { readonly ok: false; readonly problem: Problem };

/**
 * What is known of the difference in the moment a connection goes live, to be recorded with it: the entry then says for ever
 * what the seller had seen. Nothing is recorded where it is live already or new, or no connector would push.
 */
export async function goingLive(
  deps: ApiDeps,
  sent: {
    readonly sellerId: number;
    readonly connection: string;
    readonly mode?: string;
    readonly previewedSeq?: number;
  },
  stored: StoredConnection | null,
): Promise<GoingLive> {
  if (sent.mode !== "live" || stored === null || stored.mode === "live" || !deps.kinds.has(stored.kind))
    return { ok: true, wentLive: null, warnings: [] };
  const { sellerId, connection, previewedSeq } = sent;
  const key = { sellerId, connection, kind: stored.kind, stopsPerHour: null };
  const [totals, health] = await Promise.all([
    previewTotals(deps, key),
    readHealth(deps.reader, sellerId, [connection]),
  ]);
  if (previewedSeq !== undefined && totals.listings > 0 && previewedSeq > totals.seq)
    return { ok: false, problem: notOfAPreview(totals.seq) };
  const at = instantText(deps.clock.now());
  const wentLive = wentLiveAt(at, previewedSeq ?? null, totals);
  const isImported = typeof health.get(connection)?.poll?.completeAt === "number";
  const warnings = [
    ...differenceOf(connection, wentLive, totals),
    ...(isImported ? [] : [importNotComplete(connection)]),
  ];
  return { ok: true, wentLive, warnings };
}

function wentLiveAt(at: string, previewedSeq: number | null, { effects }: PreviewTotals): WentLive {
  const { rises, falls, to_zero: toZero, unread } = effects;
  return { at, previewedSeq, rises, falls, toZero, unread };
}

/** Whether the seller has seen what will change. */
function differenceOf(connection: string, wentLive: WentLive, totals: PreviewTotals): Warning[] {
  const { previewedSeq } = wentLive;
  return previewedSeq === null ? notPreviewed(connection, wentLive) : changedSince(previewedSeq, totals);
}

function notOfAPreview(seq: number): Problem {
  const message = `previewedSeq must be one that a preview answered: the ledger is at ${seq}.`;
  return { code: "invalid_field", field: "previewedSeq", message };
}

function notPreviewed(connection: string, { rises, falls, toZero, unread }: WentLive): Warning[] {
  const changing = rises + falls + toZero;
  if (changing + unread === 0) return [];
  const message = `Nobody has said to have seen the difference: ${changing} listings of ${connection} change and ${unread} were never read. See GET /v1/connections/${encodeURIComponent(connection)}/preview.`;
  return [{ code: "not_previewed", message }];
}

/** A pool that moved since is no news: in a busy shop every preview is a little old. */
function changedSince(seq: number, { updatedSeq }: PreviewTotals): Warning[] {
  if (updatedSeq <= seq) return [];
  const message = `Listings were mapped or changed after the preview at entry ${seq}.`;
  return [{ code: "changed_since_preview", message }];
}

function importNotComplete(connection: string): Warning {
  const message = `The orders of ${connection} are not imported up to now yet: nothing is pushed before.`;
  return { code: "import_not_complete", message };
}
