import type pg from "pg";

import { sendBurst } from "./burst.ts";
import { decideBatch } from "./decided-batch.ts";
import { SellerCache } from "./seller-cache.ts";
import { batchToWrite } from "./write-steps.ts";

export interface NewSeller {
  readonly code: string;
  readonly name: string;
  /** An IANA name. */
  readonly timeZone: string;
}

export interface CreatedSeller {
  readonly sellerId: number;
  /** False when the code was taken: that seller is left as it is. */
  readonly created: boolean;
}

/** Makes a seller with an empty ledger whose first entry is the location `main`. Safe when several make the same one. */
export async function createSeller(
  pool: pg.Pool,
  seller: NewSeller,
  clock: { now(): number } = Date,
): Promise<CreatedSeller> {
  const client = await pool.connect();
  let isClean = false;
  try {
    await client.query("begin");
    const created = await insertSeller(client, seller, clock.now());
    await client.query("commit");
    isClean = true;
    return created;
  } finally {
    client.release(!isClean);
  }
}

async function insertSeller(client: pg.PoolClient, seller: NewSeller, now: number): Promise<CreatedSeller> {
  const { code, name, timeZone } = seller;
  const inserted = await client.query<{ seller_id: number }>(
    `insert into seller (code, name, time_zone) values ($1, $2, $3) on conflict (code) do nothing returning seller_id`,
    [code, name, timeZone],
  );
  const sellerId = inserted.rows[0]?.seller_id;
  if (sellerId === undefined) {
    const { rows } = await client.query<{ seller_id: number }>(
      "select seller_id from seller where code = $1",
      [code],
    );
    const [known] = rows;
    if (known === undefined) throw new Error(`the seller ${code} could neither be made nor found`);
    return { sellerId: Number(known.seller_id), created: false };
  }
  await layLedger(client, Number(sellerId), now);
  return { sellerId: Number(sellerId), created: true };
}

async function layLedger(client: pg.PoolClient, sellerId: number, now: number): Promise<void> {
  await client.query(
    `insert into head (seller_id, seq, last_account_id, recorded_at)
     values ($1, 0, 0, timestamptz 'epoch' + $2::int8 * interval '1 millisecond')`,
    [sellerId, now],
  );
  await client.query("insert into observation_head (seller_id, cursor) values ($1, 0)", [sellerId]);
  const cache = new SellerCache({ seq: 0, lastAccountId: 0, recordedAt: now });
  cache.state.locations.set("main", null);
  const decided = decideBatch({
    state: cache.state,
    baseSeq: 0,
    now,
    lists: [[{ kind: "put_location", code: "main", locationKind: "warehouse" }]],
    failed: new Map(),
  });
  if (decided.kind !== "decided") throw new Error("the location main could not be decided");
  await sendBurst(client, batchToWrite(sellerId, cache, decided.batch, []).steps);
}
