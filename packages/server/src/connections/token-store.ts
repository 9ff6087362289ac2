import type pg from "pg";

/** The row of a connection's tokens, locked until the transaction ends, beside the credentials in force. */
export interface LockedToken {
  /** Sealed; null before the first exchange. */
  readonly token: Buffer | null;
  readonly state: "valid" | "reconnect_needed";
  /** Sealed; null when none were entered. */
  readonly credentials: Buffer | null;
}

/** Waits this long for another process's exchange to end, in milliseconds: longer than a call to the channel may take. */
const LOCK_PATIENCE_MS = 30_000;

/** Locks the row, which is made if it is not there. Inside a transaction. */
export async function lockToken(
  client: pg.PoolClient,
  sellerId: number,
  connection: string,
): Promise<LockedToken> {
  await client.query(`set local lock_timeout = ${LOCK_PATIENCE_MS}`);
  await client.query(
    `insert into connection_token (seller_id, connection, token, expires_at, rotated_at)
     values ($1, $2, '', to_timestamp(0), now()) on conflict do nothing`,
    [sellerId, connection],
  );
  const { rows } = await client.query<{ token: Buffer; state: LockedToken["state"] }>(
    "select token, state from connection_token where seller_id = $1 and connection = $2 for update",
    [sellerId, connection],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`the token row of ${connection} vanished`);
  const token = row.token.length === 0 ? null : row.token;
  return { token, state: row.state, credentials: await readCredentials(client, sellerId, connection) };
}

/** The credentials as they are now, whatever an earlier statement of this transaction saw. */
export async function readCredentials(
  client: pg.PoolClient,
  sellerId: number,
  connection: string,
): Promise<Buffer | null> {
  const { rows } = await client.query<{ credentials: Buffer | null }>(
    "select credentials from connection where seller_id = $1 and code = $2",
    [sellerId, connection],
  );
  return rows[0]?.credentials ?? null;
}

export async function storeToken(
  client: pg.PoolClient,
  key: { readonly sellerId: number; readonly connection: string },
  stored: { readonly token: Buffer; readonly expiresAt: number; readonly state: LockedToken["state"] },
): Promise<void> {
  const { rowCount } = await client.query(
    `update connection_token set token = $3, expires_at = $4, rotated_at = now(), state = $5
     where seller_id = $1 and connection = $2`,
    [key.sellerId, key.connection, stored.token, new Date(stored.expiresAt), stored.state],
  );
  if (rowCount !== 1) throw new Error(`the token of ${key.connection} was not stored`);
}
