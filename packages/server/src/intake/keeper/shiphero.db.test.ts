import { startSimulator } from "@onepool/connectors/contract/testing/simulator-process.ts";
import { shiphero } from "@onepool/connectors/shiphero/connector.ts";
import { afterAll, expect, test } from "vitest";

import { addSeller, secretBox, tell, testLedger } from "../../connections/testing/channel-seller.ts";
import { testDatabase } from "../../testing/test-database.ts";
import { waitUntil } from "../../testing/wait-until.ts";
import { keeperServer, toldBy } from "./testing/keeper-server.ts";

const database = await testDatabase();
const { pool } = database;
const ledger = testLedger(database);
const simulator = await startSimulator("shiphero", 7);
keeperServer(database, ledger, shiphero);
afterAll(() => simulator.stop());

test("[I3] all that ShipHero tells comes in, and is acknowledged when it is stored: levels, webhooks, documents", async () => {
  const account = (await simulator.control("GET", "/_sim/account")) as unknown as {
    readonly refreshToken: string;
    readonly warehouses: readonly { readonly facility: string; readonly legacyId: number }[];
    readonly items: readonly { readonly sku: string }[];
  };
  const sellerId = await addSeller(pool, "first");
  const [{ facility, legacyId } = { facility: "", legacyId: 0 }] = account.warehouses;
  const [{ sku: item } = { sku: "" }] = account.items;
  await tell(ledger, sellerId, {
    kind: "put_connection",
    code: "hero",
    connectionKind: "shiphero",
    mode: "live",
    since: Date.now() - 60_000,
    settings: {
      baseUrl: simulator.url,
      tokenUrl: simulator.tokenUrl,
      hookSecret: "a-secret-address",
      locations: { [legacyId]: "main" },
      nonSellableBins: [],
      readsPerMinute: 1_200,
      documentsIntervalMs: 1_000,
    },
    credentials: secretBox.seal(JSON.stringify({ refreshToken: account.refreshToken })).toString("base64"),
  });
  await waitUntil(async () => (await toldBy(database)).includes("snapshot/levels"));
  await waitUntil(async () => (await pool.query("select from keeper_secret")).rowCount === 1);
  const act = (name: string, body: object) => simulator.control("POST", `/_sim/warehouse/${name}`, body);
  await act("lose", { item, facility, units: 1, noticed: true });
  await act("accept-order", { id: "shop-7", facility, lines: [{ item, units: 2 }] });
  for (const step of ["pick", "pack", "ship"]) await act(step, { id: "shop-7" });
  await waitUntil(async () => {
    const told = await toldBy(database);
    return told.some((one) => one.endsWith("/delivery")) && told.some((one) => one.startsWith("shipment/"));
  });
  const { rows: refused } = await pool.query("select error from keeper_fact where state = 'poison'");
  expect(refused).toEqual([]);
  const { rows: failing } = await pool.query("select way, error from keeper_progress where attempts > 0");
  expect(failing).toEqual([]);
});
