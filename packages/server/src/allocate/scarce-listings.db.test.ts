import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import { expect, it } from "vitest";

import { inTransaction } from "../connections/in-transaction.ts";
import {
  addSeller,
  connection,
  listing,
  receipt,
  tell,
  testLedger,
} from "../connections/testing/channel-seller.ts";
import { testDatabase } from "../testing/test-database.ts";
import { readPoolListings } from "./scarce-listings.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;

it("knows of each connection by itself whether its writes are compared", async () => {
  const sellerId = await addSeller(pool, "first");
  await tell(ledger, sellerId, { kind: "put_sku", sku: "A", attributes: {} }, receipt("A", 3));
  await tell(ledger, sellerId, connection("probed", { salesMoveVersion: true }), connection("plain", {}));
  await tell(ledger, sellerId, listing("probed", "MLMU1", "A"), listing("plain", "MLMU2", "A"));
  await pool.query(
    `insert into listing_state (seller_id, connection, external_id, observed, channel_version)
     values ($1, 'probed', 'MLMU1', 1, '7'), ($1, 'plain', 'MLMU2', 1, '7')`,
    [sellerId],
  );
  const kinds = new Map([["mercadolibre", mercadolibre]]);
  const found = await inTransaction(pool, (client) =>
    readPoolListings(client, { sellerId, kinds }, { skus: ["A"], now: Date.now() }),
  );
  expect(found.map(({ connection: code, isCompared }) => [code, isCompared])).toEqual([
    ["plain", false],
    ["probed", true],
  ]);
});
