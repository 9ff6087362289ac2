import { startSimulator } from "@onepool/connectors/contract/testing/simulator-process.ts";
import { shipbob } from "@onepool/connectors/shipbob/connector.ts";
import { afterAll, expect, test } from "vitest";

import { addSeller, secretBox, tell, testLedger } from "../../connections/testing/channel-seller.ts";
import { testDatabase } from "../../testing/test-database.ts";
import { waitUntil } from "../../testing/wait-until.ts";
import { keeperServer, toldBy } from "./testing/keeper-server.ts";

const database = await testDatabase();
const { pool } = database;
const ledger = testLedger(database);
const simulator = await startSimulator("shipbob", 7);
keeperServer(database, ledger, shipbob);
afterAll(() => simulator.stop());

test("[I3] all that ShipBob tells comes in, and is acknowledged when it is stored: levels, the log, documents, signed webhooks", async () => {
  const account = (await simulator.control("GET", "/_sim/account")) as unknown as {
    readonly token: string;
    readonly facilities: readonly { readonly id: number; readonly name: string }[];
    readonly channels: readonly { readonly id: number }[];
    readonly items: readonly { readonly sku: string }[];
  };
  const sellerId = await addSeller(pool, "first");
  const locations = Object.fromEntries(account.facilities.map(({ id }) => [String(id), "main"]));
  await tell(ledger, sellerId, {
    kind: "put_connection",
    code: "bob",
    connectionKind: "shipbob",
    mode: "live",
    since: Date.now() - 60_000,
    settings: {
      baseUrl: simulator.url,
      hookSecret: "a-secret-address",
      locations,
      channelId: account.channels[0]?.id ?? 0,
      movementsIntervalMs: 200,
      documentsIntervalMs: 200,
    },
    credentials: secretBox.seal(JSON.stringify({ accessToken: account.token })).toString("base64"),
  });
  await waitUntil(async () => (await toldBy(database)).includes("snapshot/levels"));
  await waitUntil(async () => (await pool.query("select from keeper_secret")).rowCount === 1);
  const [item, facility] = [account.items[0]?.sku ?? "", account.facilities[0]?.name ?? ""];
  const act = (name: string, body: object) => simulator.control("POST", `/_sim/warehouse/${name}`, body);
  await act("lose", { item, facility, units: 1, noticed: true });
  await act("accept-order", { id: "shop-7", facility, lines: [{ item, units: 2 }] });
  for (const step of ["pick", "pack", "ship"]) await act(step, { id: "shop-7" });
  const told = ["adjustment/collect", "pick/collect", "shipment/documents", "snapshot/levels"];
  await waitUntil(async () => {
    const seen = await toldBy(database);
    return told.every((one) => seen.includes(one));
  });
  // A webhook of ShipBob's points at an order, which is read: it is no news where the list told it first.
  await waitUntil(async () => {
    const { counts } = await simulator.control("GET", "/_sim/notifications");
    return (counts as { delivered: number }).delivered > 0;
  });
  const { rows: waiting } = await pool.query("select error from keeper_fact where state = 'poison'");
  expect(waiting).toEqual([]);
});
