import { inTransaction } from "../../connections/in-transaction.ts";
import { type LevelRow, readLevels } from "../../intake/keeper/keeper-level-store.ts";
import type { ApiDeps } from "../api-deps.ts";
import type { Problem } from "../problem.ts";
import { findKeeper, type FoundKeeper } from "./find-keeper.ts";

export type FoundLevel =
  | { readonly ok: true; readonly row: LevelRow; readonly keeper: FoundKeeper & { readonly ok: true } }
  | { readonly ok: false; readonly problem: Problem };

/** What a keeper last said of a SKU at a location. */
export async function findLevel(
  deps: ApiDeps,
  sellerId: number,
  place: { readonly connection: string; readonly location: string; readonly sku: string },
): Promise<FoundLevel> {
  const keeper = await findKeeper(deps, sellerId, place.connection);
  if (!keeper.ok) return keeper;
  const key = { sellerId, code: place.connection };
  const [row] = await inTransaction(deps.pool, (client) => readLevels(client, key, [place]));
  if (row !== undefined) return { ok: true, row, keeper };
  const message = `${place.connection} told no level of ${place.sku} at ${place.location}.`;
  return { ok: false, problem: { code: "unknown_level", field: "sku", message } };
}
