import type pg from "pg";

import { sendBurst, type Statement } from "./burst.ts";
import type { PreparedBatch } from "./prepared-batch.ts";
import { UnknownSeller } from "./write-failure.ts";

const LOCK_HEAD: Statement = {
  name: "ledger_question_head",
  text: `select seq from head where seller_id = $1 for update`,
};

const READ_ENTRIES: Statement = {
  name: "ledger_question_entries",
  text: `select kind, channel, order_id, external_id, body::text from entry
    where seller_id = $1 and seq > $2 and seq <= $3 order by seq`,
};

/**
 * Was a batch committed whose connection broke before the answer? The head's lock waits for a server process that may still
 * be at it. If the entries with the batch's numbers say word for word what the batch said, they are its own (or another
 * process recorded the very same facts, which is the same to every caller). A server process that has not begun with the
 * batch yet cannot commit it after we wrote anything: its head no longer matches.
 */
export async function wasCommitted(
  client: pg.ClientBase,
  sellerId: number,
  { decided, toWrite }: PreparedBatch,
): Promise<boolean> {
  // What was only read may have been read from memory that is out of date.
  if (toWrite === null) return false;
  const { base, head } = toWrite;
  // A batch that only keeps answers is safe to repeat: nothing but those answers is written.
  if (base.seq === head.seq) return false;
  const [locked, entries] = await sendBurst(client, [
    { statement: LOCK_HEAD, values: [sellerId] },
    { statement: READ_ENTRIES, values: [sellerId, base.seq, head.seq] },
  ]);
  if (locked?.rows[0] === undefined) throw new UnknownSeller(sellerId);
  const recorded = entries?.rows ?? [];
  return (
    recorded.length === decided.entries.length &&
    decided.entries.every(({ draft }, index) => {
      const [kind, channel, orderId, externalId, body] = recorded[index] ?? [];
      return (
        kind === draft.kind &&
        channel === draft.channel &&
        orderId === draft.orderId &&
        externalId === draft.externalId &&
        body === JSON.stringify(draft.body)
      );
    })
  );
}
