// Grants that a person is giving in a browser. The state that goes with them names them, once.
import type pg from "pg";

import type { SecretBox } from "../auth/secret-box.ts";
import { hashOf, newToken } from "../auth/token.ts";

/** Long enough to sign in at the channel and to find the password. In milliseconds. */
const LIFE_MS = 15 * 60_000;

/** A grant that is being asked for. */
export interface PendingAuthorization {
  readonly sellerId: number;
  readonly connection: string;
  readonly kind: string;
  /** PKCE, RFC 7636. */
  readonly verifier: string;
  readonly redirectUri: string;
  /** A path of ours to go on to; null: none. */
  readonly returnTo: string | null;
}

/** Remembers what was asked for; answers the state that has to come back, and until when. */
export async function beginAuthorization(
  pool: pg.Pool,
  secretBox: SecretBox,
  { now, ...pending }: PendingAuthorization & { readonly now: number },
): Promise<{ readonly state: string; readonly expiresAt: number }> {
  const state = newToken("");
  const expiresAt = now + LIFE_MS;
  await pool.query("delete from connection_authorization where expires_at <= $1", [new Date(now)]);
  await pool.query(
    `insert into connection_authorization
       (state_hash, seller_id, connection, kind, verifier, redirect_uri, return_to, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      hashOf(state),
      pending.sellerId,
      pending.connection,
      pending.kind,
      secretBox.seal(pending.verifier),
      pending.redirectUri,
      pending.returnTo,
      new Date(expiresAt),
    ],
  );
  return { state, expiresAt };
}

interface StoredRow {
  readonly seller_id: number;
  readonly connection: string;
  readonly verifier: Buffer;
  readonly redirect_uri: string;
  readonly return_to: string | null;
  readonly expires_at: Date;
}

/** What was asked for under this state, which is used up by asking. Null: never, not any more, or not of this kind. */
export async function endAuthorization(
  pool: pg.Pool,
  secretBox: SecretBox,
  returned: { readonly state: string; readonly kind: string; readonly now: number },
): Promise<PendingAuthorization | null> {
  const { rows } = await pool.query<StoredRow>(
    `delete from connection_authorization where state_hash = $1 and kind = $2
     returning seller_id, connection, verifier, redirect_uri, return_to, expires_at`,
    [hashOf(returned.state), returned.kind],
  );
  const [row] = rows;
  if (row === undefined || row.expires_at.getTime() <= returned.now) return null;
  return {
    sellerId: row.seller_id,
    connection: row.connection,
    kind: returned.kind,
    verifier: secretBox.open(row.verifier),
    redirectUri: row.redirect_uri,
    returnTo: row.return_to,
  };
}
