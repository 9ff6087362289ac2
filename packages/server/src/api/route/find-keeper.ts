import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";

import { readConnection, type StoredConnection } from "../../ledger/read/connection-store.ts";
import type { ApiDeps } from "../api-deps.ts";
import type { Problem } from "../problem.ts";
import { unknownConnection } from "../view/unknown.ts";

export type FoundKeeper =
  | { readonly ok: true; readonly connection: StoredConnection; readonly kind: KeeperKind }
  | { readonly ok: false; readonly problem: Problem };

/** The seller's connection to a keeper, and what we know of its kind. */
export async function findKeeper(deps: ApiDeps, sellerId: number, code: string): Promise<FoundKeeper> {
  const connection = await readConnection(deps.reader, sellerId, code);
  if (connection === null) return { ok: false, problem: { ...unknownConnection(code), field: "connection" } };
  const kind = deps.keepers?.kinds.get(connection.kind);
  if (kind !== undefined) return { ok: true, connection, kind };
  const message = `${code} is a connection of kind ${connection.kind}, which is no keeper.`;
  return { ok: false, problem: { code: "invalid_field", field: "connection", message } };
}
