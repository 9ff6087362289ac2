import type pg from "pg";
import { z } from "zod";

import type { SecretBox } from "../../auth/secret-box.ts";
import type { ConnectionKey } from "../notice-store.ts";

const keptSecrets = z.array(z.string());

/** What a keeper signs its deliveries with, the newest first. */
export async function readSecrets(
  pool: pg.Pool,
  secretBox: SecretBox,
  { sellerId, code }: ConnectionKey,
): Promise<readonly string[]> {
  const { rows } = await pool.query<{ secrets: Buffer }>({
    name: "keeper_read_secrets",
    text: "select secrets from keeper_secret where seller_id = $1 and connection = $2",
    values: [sellerId, code],
  });
  return openSecrets(secretBox, rows[0]?.secrets ?? null);
}

export function openSecrets(secretBox: SecretBox, sealed: Buffer | null): readonly string[] {
  return sealed === null ? [] : keptSecrets.parse(JSON.parse(secretBox.open(sealed)));
}

/** Keeps them sealed, in place of those kept before. */
export async function keepSecrets(
  client: pg.PoolClient,
  secretBox: SecretBox,
  { sellerId, code }: ConnectionKey,
  kept: { readonly secrets: readonly string[]; readonly at: number },
): Promise<void> {
  await client.query(
    `insert into keeper_secret (seller_id, connection, secrets, updated_at) values ($1, $2, $3, $4)
     on conflict (seller_id, connection) do update set secrets = excluded.secrets, updated_at = excluded.updated_at`,
    [sellerId, code, secretBox.seal(JSON.stringify(kept.secrets)), new Date(kept.at)],
  );
}
