import type pg from "pg";

/** A marketplace account and the connection it belongs to. */
export interface ChannelAccount {
  readonly kind: string;
  readonly accountId: string;
  readonly sellerId: number;
  readonly connection: string;
}

const CLAIM = `
insert into channel_account (kind, account_id, seller_id, connection) values ($1, $2, $3, $4)
on conflict (kind, account_id) do nothing`;

const OWNER = `select seller_id, connection from channel_account where kind = $1 and account_id = $2`;

const RELEASE = `delete from channel_account where kind = $1 and account_id = $2 and seller_id = $3 and connection = $4`;

const RELEASE_OTHERS = `
delete from channel_account
where seller_id = $1 and connection = $2 and (kind, account_id) is distinct from ($3::text, $4::text)`;

/**
 * Makes an account a connection's own. An account names exactly one connection, so that its notifications find it; the
 * directory stands outside the ledger, so this is no command.
 */
export async function claimAccount(
  pool: pg.Pool,
  account: ChannelAccount,
): Promise<"claimed" | "ours already" | "taken"> {
  const { kind, accountId, sellerId, connection } = account;
  const claimed = await pool.query(CLAIM, [kind, accountId, sellerId, connection]);
  if (claimed.rowCount === 1) return "claimed";
  const { rows } = await pool.query<{ seller_id: number; connection: string }>(OWNER, [kind, accountId]);
  const [owner] = rows;
  return owner?.seller_id === sellerId && owner.connection === connection ? "ours already" : "taken";
}

/** Gives a claim back that led to nothing. */
export async function releaseAccount(pool: pg.Pool, account: ChannelAccount): Promise<void> {
  const { kind, accountId, sellerId, connection } = account;
  await pool.query(RELEASE, [kind, accountId, sellerId, connection]);
}

/** Leaves the connection with this account only; with none if there is none. */
export async function releaseOtherAccounts(
  pool: pg.Pool,
  key: Pick<ChannelAccount, "sellerId" | "connection">,
  kept: Pick<ChannelAccount, "kind" | "accountId"> | null,
): Promise<void> {
  await pool.query(RELEASE_OTHERS, [
    key.sellerId,
    key.connection,
    kept?.kind ?? null,
    kept?.accountId ?? null,
  ]);
}
