import type pg from "pg";

import { seedKey, validKeysLabelled } from "../auth/api-key-store.ts";
import { hashOf } from "../auth/token.ts";
import { createSeller } from "../ledger/create-seller.ts";
import type { Log } from "../log/log.ts";

/** The seller that exists from the first start. */
export const DEFAULT_SELLER = "default";

/** The label of keys that came from the environment. */
const ENVIRONMENT_LABEL = "ONEPOOL_API_KEY";

/** The id of the seller `default`, made if it is missing. Safe with any number of starters. */
export async function ensureDefaultSeller(pool: pg.Pool, clock: { now(): number }): Promise<number> {
  const { sellerId } = await createSeller(
    pool,
    { code: DEFAULT_SELLER, name: "Default", timeZone: "UTC" },
    clock,
  );
  return sellerId;
}

/** The id of a seller by its code. */
export async function findSeller(pool: pg.Pool, code: string): Promise<number | null> {
  const { rows } = await pool.query<{ seller_id: number }>("select seller_id from seller where code = $1", [
    code,
  ]);
  return rows[0]?.seller_id ?? null;
}

/** Makes sure of the key that ONEPOOL_API_KEY gives, and points out what a person may not expect. */
export async function ensureEnvironmentKey(
  pool: pg.Pool,
  options: { readonly apiKey: string; readonly sellerId: number; readonly log: Log },
): Promise<void> {
  const { apiKey, sellerId, log } = options;
  const seeded = await seedKey(pool, apiKey, { sellerId, role: "admin", label: ENVIRONMENT_LABEL });
  if (seeded.state === "revoked")
    log.warn(
      { keyId: seeded.keyId },
      "ONEPOOL_API_KEY names a revoked key, which stays refused: give another one",
    );
  if (seeded.state === "not_admin")
    log.warn(
      { keyId: seeded.keyId },
      "ONEPOOL_API_KEY names a key that was made with a lesser role, which it keeps",
    );
  const hash = hashOf(apiKey);
  const former = (await validKeysLabelled(pool, ENVIRONMENT_LABEL)).filter((key) => !key.hash.equals(hash));
  if (former.length > 0)
    log.warn(
      { keyIds: former.map((key) => key.keyId) },
      "former values of ONEPOOL_API_KEY are still valid: revoke them with onepool key revoke",
    );
}
