import type { ConnectionMode } from "@onepool/core/ledger/records.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

/** A connection as its row tells it. */
export interface ConnectionRow {
  readonly sellerId: number;
  readonly code: string;
  readonly kind: string;
  readonly mode: ConnectionMode;
  readonly settings: unknown;
  /** Sealed. */
  readonly credentials: Buffer | null;
  readonly since: Instant | null;
  readonly updatedSeq: number;
}

interface StoredRow extends Omit<ConnectionRow, "since"> {
  readonly since: Date | null;
}

const COLUMNS = `seller_id as "sellerId", code, kind, mode, settings, credentials, since, updated_seq as "updatedSeq"`;

export async function readConnection(
  pool: pg.Pool,
  sellerId: number,
  code: string,
): Promise<ConnectionRow | null> {
  const { rows } = await pool.query<StoredRow>({
    name: "channel_read_connection",
    text: `select ${COLUMNS} from connection where seller_id = $1 and code = $2`,
    values: [sellerId, code],
  });
  const [row] = rows;
  return row === undefined ? null : { ...row, since: row.since?.getTime() ?? null };
}

/** The account that notifications name, if it is known; whose it is when it is another connection's. */
export async function claimAccount(
  pool: pg.Pool,
  connection: ConnectionRow,
  accountId: string,
): Promise<"ours" | "taken"> {
  const { rows } = await pool.query<{ seller_id: number; connection: string }>(
    `with made as (
       insert into channel_account (kind, account_id, seller_id, connection) values ($1, $2, $3, $4)
       on conflict do nothing returning seller_id, connection
     )
     select seller_id, connection from made
     union all
     select seller_id, connection from channel_account where kind = $1 and account_id = $2`,
    [connection.kind, accountId, connection.sellerId, connection.code],
  );
  const isOurs = rows.every(
    (row) => row.seller_id === connection.sellerId && row.connection === connection.code,
  );
  return isOurs ? "ours" : "taken";
}

export async function hasAccount(pool: pg.Pool, connection: ConnectionRow): Promise<boolean> {
  const { rowCount } = await pool.query(
    "select from channel_account where seller_id = $1 and connection = $2 and kind = $3 limit 1",
    [connection.sellerId, connection.code, connection.kind],
  );
  return rowCount !== 0;
}
