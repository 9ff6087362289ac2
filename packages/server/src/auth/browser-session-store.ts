import type pg from "pg";

import type { Caller, Role } from "./caller.ts";
import { hashOf, newToken } from "./token.ts";

/** Long enough for a server started in the evening, short enough for a link left in a terminal's history. */
const LINK_LIFE_MS = 24 * 60 * 60 * 1000;
/** A browser that is used at least this often need never sign in again within it. */
export const SESSION_LIFE_MS = 30 * 24 * 60 * 60 * 1000;

/** Makes a link's token: signs one browser in, once. */
export async function makeLink(
  pool: pg.Pool,
  link: { readonly sellerId: number; readonly role: Role; readonly now: number },
): Promise<string> {
  const token = newToken("");
  await pool.query(
    `insert into browser_session (token_hash, kind, seller_id, role, created_at, expires_at)
     values ($1, 'link', $2, $3, $4, $5)`,
    [hashOf(token), link.sellerId, link.role, new Date(link.now), new Date(link.now + LINK_LIFE_MS)],
  );
  return token;
}

/** Turns a link into a session, unless it was used, is too old or never was. Of two at the same moment one wins. */
export async function openSession(pool: pg.Pool, linkToken: string, now: number): Promise<string | null> {
  const token = newToken("");
  // One statement: a link is never used up without the session it pays for.
  const { rowCount } = await pool.query(
    `with used as (
       update browser_session set used_at = $3
       where token_hash = $1 and kind = 'link' and used_at is null and expires_at > $3
       returning seller_id, role
     )
     insert into browser_session (token_hash, kind, seller_id, role, created_at, expires_at)
     select $2, 'session', seller_id, role, $3, $4 from used`,
    [hashOf(linkToken), hashOf(token), new Date(now), new Date(now + SESSION_LIFE_MS)],
  );
  return rowCount === 1 ? token : null;
}

/** Whose session has this hash, if it is still good. */
export async function callerOfSession(pool: pg.Pool, hash: Buffer, now: number): Promise<Caller | null> {
  const { rows } = await pool.query<{ seller_id: number; role: Role }>(
    "select seller_id, role from browser_session where token_hash = $1 and kind = 'session' and expires_at > $2",
    [hash, new Date(now)],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return { sellerId: row.seller_id, role: row.role, keyId: `session_${hash.toString("hex", 0, 6)}` };
}

/** Ends a session at once on this server, within seconds on others. */
export async function endSession(pool: pg.Pool, hash: Buffer): Promise<void> {
  await pool.query("delete from browser_session where token_hash = $1 and kind = 'session'", [hash]);
}

/** Removes what nobody can use any more, so that the table does not grow with every start. */
export async function forgetEndedSessions(pool: pg.Pool, now: number): Promise<void> {
  await pool.query("delete from browser_session where expires_at <= $1 or used_at is not null", [
    new Date(now),
  ]);
}
