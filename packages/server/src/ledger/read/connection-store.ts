import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { ConnectionMode } from "@onepool/core/ledger/records.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

import type { Reader } from "./reader.ts";
import { milliseconds } from "./sql-fragments.ts";

export interface StoredConnection {
  readonly code: string;
  readonly kind: string;
  readonly mode: ConnectionMode;
  readonly settings: JsonObject;
  /** Sealed. */
  readonly credentials: Buffer | null;
  readonly since: Instant | null;
  readonly createdSeq: number;
  readonly updatedSeq: number;
}

const COLUMNS = `
  c.code, c.kind, c.mode, c.settings, c.credentials, ${milliseconds("c.since")} as since,
  c.created_seq as "createdSeq", c.updated_seq as "updatedSeq"`;

const LIST_CONNECTIONS = `select ${COLUMNS} from connection c where c.seller_id = $1 and c.code > $2 order by c.code limit $3`;

const READ_CONNECTION = `select ${COLUMNS} from connection c where c.seller_id = $1 and c.code = $2`;

/** Connections by code. */
export async function listConnections(
  reader: Reader,
  page: { readonly sellerId: number; readonly after: string | null; readonly limit: number },
): Promise<StoredConnection[]> {
  const values = [page.sellerId, page.after ?? "", page.limit];
  const rows = await reader.rows<StoredConnection>({ text: LIST_CONNECTIONS, values: values });
  return rows;
}

/** One connection, or null. */
export async function readConnection(
  reader: Reader,
  sellerId: number,
  code: string,
): Promise<StoredConnection | null> {
  const rows = await reader.rows<StoredConnection>({ text: READ_CONNECTION, values: [sellerId, code] });
  return rows[0] ?? null;
}
