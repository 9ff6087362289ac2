import type { KeeperCapability } from "@onepool/connectors/contract/keeper/keeper-capability.ts";
import type { Origin } from "@onepool/core/intake/keeper/booking.ts";
import type { KeeperMap } from "@onepool/core/intake/keeper/keeper-map.ts";
import { type Coded, missingText, type OurLine, translate } from "@onepool/core/intake/keeper/translate.ts";
import type { Command } from "@onepool/core/ledger/command.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import type { ConnectionKey } from "../notice-store.ts";
import type { ClaimedFact } from "./keeper-fact-store.ts";

/** What a fact is worked out with: in one transaction, at the keeper's desk. */
export interface ApplyContext {
  readonly client: pg.PoolClient;
  readonly key: ConnectionKey;
  readonly claimed: ClaimedFact;
  readonly map: KeeperMap;
  readonly capability: KeeperCapability;
  readonly isLive: boolean;
  /** It happened before the connection's cut-over: the opening counts have it. */
  readonly isHistory: boolean;
  readonly now: Instant;
}

/** What a fact comes to. */
export type FactPlan =
  /** Told to the ledger, or nothing to tell it but something learned. `waits`: what some lines of it wait for. */
  | { readonly kind: "book"; readonly commands: readonly Command[]; readonly waits?: string | null }
  | { readonly kind: "nothing"; readonly why: string | null }
  /** Something it needs is not there yet. */
  | { readonly kind: "wait"; readonly why: string };

/** Where the movements of a fact or document come from. A keeper's clock may run ahead: nothing happened after it was told. */
export function originOf({ key, claimed }: ApplyContext, document: string, occurredAt: Instant): Origin {
  return { connection: key.code, document, occurredAt: Math.min(occurredAt, claimed.receivedAt) };
}

/** The lines of a fact in our words, or what it waits for. */
export async function translated<Line extends Coded>(
  { client, key, map }: ApplyContext,
  lines: readonly Line[],
): Promise<
  | { readonly ok: true; readonly lines: readonly OurLine<Line>[] }
  | { readonly ok: false; readonly why: string }
> {
  const { missing, lines: ours } = translate(map, await readOurCodes(client, key, map, lines), lines);
  return missing.length === 0 ? { ok: true, lines: ours } : { ok: false, why: missingText(missing) };
}

/**
 * The lines of a document that are known, and what the others wait for; null where none is known. States join, so what is known is
 * booked now and the rest when it is known: an insert in a parcel must not hold up what was sold.
 */
export async function translatedLines<Line extends Coded>(
  { client, key, map }: ApplyContext,
  lines: readonly Line[],
): Promise<{ readonly lines: readonly OurLine<Line>[]; readonly waits: string | null }> {
  const { missing, lines: ours } = translate(map, await readOurCodes(client, key, map, lines), lines);
  return { lines: ours, waits: missing.length === 0 ? null : missingText(missing) };
}

export const BEFORE_CUT_OVER: FactPlan = {
  kind: "nothing",
  why: "It happened before the connection's cut-over.",
};

/** What a document came to, while some of its lines wait. */
export function withRest(plan: FactPlan, waits: string | null): FactPlan {
  if (waits === null || plan.kind === "wait") return plan;
  return plan.kind === "book" ? { ...plan, waits } : { kind: "wait", why: waits };
}

/** What the lines of a fact may mean on our side. */
export async function readOurCodes(
  client: pg.PoolClient,
  { sellerId }: ConnectionKey,
  map: KeeperMap,
  lines: readonly Coded[],
): Promise<{ hasSku(sku: string): boolean; hasLocation(code: string): boolean }> {
  const skus = new Set(
    lines.flatMap(({ item }) => (map.items.get(item) ?? [{ sku: item }]).map(({ sku }) => sku)),
  );
  const { rows } = await client.query<{ sku: string | null; location: string | null }>({
    name: "keeper_read_our_codes",
    text: `select k.sku, null as location from unnest($2::text[]) as k (sku)
        where exists (select from sku s where s.seller_id = $1 and s.sku = k.sku)
      union all
      select null, l.code from location l where l.seller_id = $1 and l.code = any($3::text[]) and l.kind <> 'channel'`,
    values: [sellerId, [...skus], [...map.locations.values()]],
  });
  const known = new Set(rows.map(({ sku }) => sku));
  const locations = new Set(rows.map(({ location }) => location));
  return { hasSku: (sku) => known.has(sku), hasLocation: (code) => locations.has(code) };
}
