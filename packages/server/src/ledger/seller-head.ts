import type pg from "pg";

import { sendBurst, type Statement, type StepResult } from "./burst.ts";
import { LOAD_HEAD } from "./load-statements.ts";
import type { Head } from "./seller-cache.ts";
import { UnknownSeller } from "./write-failure.ts";

const LOCK_HEAD: Statement = { name: "ledger_lock_head", text: `${LOAD_HEAD.text} for update` };

/** Where a seller's ledger stands. */
export async function readHead(client: pg.ClientBase, sellerId: number): Promise<Head> {
  const [result] = await sendBurst(client, [{ statement: LOAD_HEAD, values: [sellerId] }]);
  return headOf(sellerId, result);
}

/** Opens a transaction that holds the head: nobody else can write to the seller until it ends. */
export async function lockHead(client: pg.ClientBase, sellerId: number): Promise<Head> {
  const [, [result]] = await Promise.all([
    client.query("begin"),
    sendBurst(client, [{ statement: LOCK_HEAD, values: [sellerId] }]),
  ]);
  return headOf(sellerId, result);
}

function headOf(sellerId: number, result: StepResult | undefined): Head {
  const row = result?.rows[0];
  if (row === undefined) throw new UnknownSeller(sellerId);
  const [seq, lastAccountId, recordedAt] = row;
  return { seq: Number(seq), lastAccountId: Number(lastAccountId), recordedAt: Number(recordedAt) };
}
