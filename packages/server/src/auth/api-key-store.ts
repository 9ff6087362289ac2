import { randomBytes, timingSafeEqual } from "node:crypto";

import type pg from "pg";

import type { Caller, Role } from "./caller.ts";
import { API_KEY_PREFIX, hashOf, newToken } from "./token.ts";

/** A key as it may be shown: never the key itself, which is stored nowhere. */
export interface ApiKeyRow {
  readonly keyId: string;
  readonly seller: string;
  readonly role: Role;
  readonly label: string;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

export interface NewKey {
  readonly sellerId: number;
  readonly role: Role;
  readonly label: string;
}

/** Makes a key. The answer is the only time it can be seen. */
export async function addKey(pool: pg.Pool, key: NewKey): Promise<{ keyId: string; key: string }> {
  const keyId = newKeyId();
  const text = newToken(API_KEY_PREFIX);
  await pool.query(
    "insert into api_key (key_id, key_hash, seller_id, role, label) values ($1, $2, $3, $4, $5)",
    [keyId, hashOf(text), key.sellerId, key.role, key.label],
  );
  return { keyId, key: text };
}

export type SeededKey =
  | { readonly state: "valid" }
  | { readonly state: "revoked" | "not_admin"; readonly keyId: string };

/**
 * Makes sure of a key that was given from outside. One that was revoked stays so. Safe with any number of starters.
 */
export async function seedKey(pool: pg.Pool, text: string, key: NewKey): Promise<SeededKey> {
  const hash = hashOf(text);
  await pool.query(
    `insert into api_key (key_id, key_hash, seller_id, role, label) values ($1, $2, $3, $4, $5)
     on conflict (key_hash) do nothing`,
    [newKeyId(), hash, key.sellerId, key.role, key.label],
  );
  const { rows } = await pool.query<{ key_id: string; role: Role; revoked_at: Date | null }>(
    "select key_id, role, revoked_at from api_key where key_hash = $1",
    [hash],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("a key that was just made is gone");
  if (row.revoked_at !== null) return { state: "revoked", keyId: row.key_id };
  return row.role === key.role ? { state: "valid" } : { state: "not_admin", keyId: row.key_id };
}

/** Keys that are still valid under a label, for example former values of ONEPOOL_API_KEY. */
export async function validKeysLabelled(
  pool: pg.Pool,
  label: string,
): Promise<{ keyId: string; hash: Buffer }[]> {
  const { rows } = await pool.query<{ key_id: string; key_hash: Buffer }>(
    "select key_id, key_hash from api_key where label = $1 and revoked_at is null order by created_at",
    [label],
  );
  return rows.map((row) => ({ keyId: row.key_id, hash: row.key_hash }));
}

/** All keys, oldest first. */
export async function listKeys(pool: pg.Pool): Promise<ApiKeyRow[]> {
  const { rows } = await pool.query<ApiKeyRow>(
    `select k.key_id as "keyId", s.code as seller, k.role, k.label, k.created_at as "createdAt", k.revoked_at as "revokedAt"
     from api_key k join seller s on s.seller_id = k.seller_id
     order by k.created_at, k.key_id`,
  );
  return rows;
}

/** Ends a key for good; servers refuse it within seconds (caller-cache.ts). */
export async function revokeKey(
  pool: pg.Pool,
  keyId: string,
): Promise<"revoked" | "already_revoked" | "unknown"> {
  const { rowCount } = await pool.query(
    "update api_key set revoked_at = now() where key_id = $1 and revoked_at is null",
    [keyId],
  );
  if (rowCount === 1) return "revoked";
  const known = await pool.query("select from api_key where key_id = $1", [keyId]);
  return known.rowCount === 1 ? "already_revoked" : "unknown";
}

/** Whose key has this hash, if it is valid. */
export async function callerOfKey(pool: pg.Pool, hash: Buffer): Promise<Caller | null> {
  const { rows } = await pool.query<{ key_id: string; key_hash: Buffer; seller_id: number; role: Role }>(
    "select key_id, key_hash, seller_id, role from api_key where key_hash = $1 and revoked_at is null",
    [hash],
  );
  const [row] = rows;
  if (row === undefined || !timingSafeEqual(row.key_hash, hash)) return null;
  return { sellerId: row.seller_id, role: row.role, keyId: row.key_id };
}

/** Short enough to type after `key revoke`. */
function newKeyId(): string {
  return `key_${randomBytes(6).toString("hex")}`;
}
