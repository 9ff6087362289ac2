import { afterAll, expect, test } from "vitest";

import { createSeller } from "../ledger/create-seller.ts";
import { openLedger } from "../ledger/ledger.ts";
import { createLog } from "../log/log.ts";
import { testDatabase } from "../testing/test-database.ts";
import { measureLedger } from "./measure-ledger.ts";
import { createMetrics } from "./metrics.ts";

const database = await testDatabase();
const metrics = createMetrics();
const pool = database.openPool({ max: 2, pipeline: true });
const log = createLog({ level: "silent" });
const ledger = measureLedger(openLedger({ pool, clock: Date, log }), metrics);

afterAll(() => ledger.close());

test("what the ledger was asked, answered and committed is counted", async () => {
  const { sellerId } = await createSeller(pool, { code: "a", name: "A", timeZone: "UTC" });
  await ledger.submit({
    sellerId,
    commands: [
      { kind: "put_sku", sku: "A", attributes: {} },
      { kind: "put_sku", sku: "B", attributes: {} },
      { kind: "end_reservation", reservationId: "none", how: "release" },
    ],
  });
  const text = await metrics.metrics();
  expect(text).toContain('ledger_commands_total{kind="put_sku",result="ok"} 2');
  expect(text).toContain('ledger_commands_total{kind="end_reservation",result="unknown_reservation"} 1');
  expect(text).toContain("ledger_entries_total 2");
  expect(text).toContain("ledger_batches_total 1");
  expect(text).toContain('ledger_submission_seconds_count{answer="done"} 1');
});
