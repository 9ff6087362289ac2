import type { ApiDeps } from "../api-deps.ts";
import { findKeeper, type FoundKeeper } from "./find-keeper.ts";

/** The seller's live keeper that fetches what it is to do; the others are told. */
export async function findFetchingKeeper(
  deps: ApiDeps,
  sellerId: number,
  { connection, about }: { readonly connection: string; readonly about: "orders" | "inbounds" },
): Promise<FoundKeeper> {
  const found = await findKeeper(deps, sellerId, connection);
  if (!found.ok) return found;
  const { capability } = found.kind;
  if (capability[about] !== "fetched") {
    const message = `${connection} is a connection to ${capability.title}, which fetches nothing here.`;
    return { ok: false, problem: { code: "invalid_field", field: "connection", message } };
  }
  if (found.connection.mode === "live") return found;
  const message = `${connection} is not live: it has nothing to do before it is.`;
  return { ok: false, problem: { code: "keeper_not_live", field: "connection", message } };
}
