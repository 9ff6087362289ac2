// What a person decides about what a keeper said.
import type { KeeperLevel } from "../../../api/contract.ts";
import { postJson } from "../../../api/post-json.ts";

type Place = Pick<KeeperLevel, "location" | "sku">;

/** Books what the keeper said of a level, as it was seen: what it said since is refused. */
export function acceptLevel(connection: string, level: Place & Pick<KeeperLevel, "asOf">): Promise<unknown> {
  const seen = new URLSearchParams({ asOf: level.asOf.to });
  return postJson(`${levelPath(connection, level)}/accept?${seen}`);
}

/** Has a level read again: at once where the keeper can be asked, with its next levels otherwise. */
export function askRecount(connection: string, level: Place): Promise<{ readonly isRead: boolean }> {
  return postJson(`${levelPath(connection, level)}/recount`);
}

/** Says that snapshots which looked wrong are right. */
export function acceptSnapshot(connection: string): Promise<{ readonly strikes: number }> {
  return postJson(`/v1/keepers/${encodeURIComponent(connection)}/accept-snapshot`);
}

/** Has a fact tried again that waits or was put aside. */
export function replayFact(connection: string, factId: string): Promise<unknown> {
  return postJson(`/v1/keepers/${encodeURIComponent(connection)}/facts/${encodeURIComponent(factId)}/replay`);
}

/** Tells a keeper again what it refused. */
export function retryKeeperOrder(reference: string): Promise<unknown> {
  return postJson(`/v1/keeper-orders/${encodeURIComponent(reference)}/retry`);
}

function levelPath(connection: string, { location, sku }: Place): string {
  const parts = [connection, "levels", location, sku].map(encodeURIComponent);
  return `/v1/keepers/${parts.join("/")}`;
}
