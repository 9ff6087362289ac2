import type pg from "pg";
import { beforeAll, expect, test } from "vitest";

import { testDatabase } from "../../testing/test-database.ts";
import { createSeller } from "../create-seller.ts";
import { openLedger } from "../ledger.ts";
import { readAvailability } from "./availability-store.ts";
import { readChain } from "./explain-store.ts";
import { openReader, type Reader } from "./reader.ts";
import { listSkus } from "./sku-list-store.ts";

const database = await testDatabase();
const clock = { now: () => Date.now() };
const log = { info() {}, warn() {}, error() {}, debug() {} };

const ENTRIES = 300;
let sellerId = 0;
let middleSeq = 0;

beforeAll(async () => {
  ({ sellerId } = await createSeller(database.pool, { code: "s", name: "s", timeZone: "UTC" }));
  const ledger = openLedger({ pool: database.openPool({ max: 2, pipeline: true }), clock, log });
  const put = ["HOT", "COLD"].map((sku) => ({ kind: "put_sku", sku, attributes: {} }) as const);
  await ledger.submit({ sellerId, commands: put });
  for (let index = 0; index < ENTRIES; index++) {
    const movement = { movement: "receipt", location: "main", units: 1, externalId: String(index) } as const;
    const answer = await ledger.submit({
      sellerId,
      commands: [{ kind: "movement", sku: "HOT", ...movement }],
    });
    if (index === ENTRIES / 2 && answer.kind === "done" && answer.results[0]?.ok === true)
      middleSeq = answer.results[0].seq;
  }
  await ledger.close();
});

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Actual Rows": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Explains statements instead of answering them; it answers what they touched in `movement`. */
async function movementScans(read: (reader: Reader) => Promise<unknown>): Promise<PlanNode[]> {
  const nodes: PlanNode[] = [];
  const real = openReader(database.openPool({ max: 1 }) as pg.Pool);
  await read({
    async rows(statement) {
      const explained = {
        text: `explain (analyze, format json) ${statement.text}`,
        values: statement.values,
      };
      const [row] = await real.rows<{ "QUERY PLAN": { Plan: PlanNode }[] }>(explained);
      collect(row?.["QUERY PLAN"][0]?.Plan, nodes);
      return real.rows(statement);
    },
  });
  return nodes.filter((node) => node["Relation Name"] === "movement");
}

function collect(node: PlanNode | undefined, nodes: PlanNode[]): void {
  if (node === undefined) return;
  nodes.push(node);
  for (const child of node.Plans ?? []) collect(child, nodes);
}

/** Statistics are as young as can be: the table was never analysed. */
test.each([
  ["now", () => null],
  ["at a past entry", () => middleSeq],
  ["before the first leg", () => 3],
])("a balance %s is one step down the account's chain, however long it is", async (_, at) => {
  const scans = await movementScans((reader) => readAvailability(reader, { sellerId, sku: "HOT", at: at() }));
  expect(scans.length).toBeGreaterThan(0);
  for (const scan of scans) {
    expect(scan["Node Type"]).toMatch(/^Index (Only )?Scan$/);
    expect(scan["Index Name"]).toBe("movement_chain");
    expect(scan["Actual Rows"]).toBeLessThanOrEqual(1);
    expect(scan["Rows Removed by Filter"] ?? 0).toBeLessThanOrEqual(1);
  }
});

test("a balance at a past entry is what was then", async () => {
  const reader = openReader(database.pool);
  const { sku, seq } = await readAvailability(reader, { sellerId, sku: "HOT", at: middleSeq });
  expect(seq).toBe(middleSeq);
  expect(sku?.balances).toMatchObject([{ location: "main", bucket: "sellable", units: ENTRIES / 2 + 1 }]);
});

test("a page of SKUs and of a chain read no more legs than they show", async () => {
  const page = {
    sellerId,
    after: null,
    limit: 50,
    search: null,
    skus: null,
    supplier: null,
    connection: null,
  };
  const listed = await movementScans((reader) => listSkus(reader, { ...page, oversold: false }));
  for (const scan of listed) expect(scan["Actual Rows"]).toBeLessThanOrEqual(1);
  const chain = await movementScans((reader) =>
    readChain(reader, { sellerId, sku: "HOT", before: null, limit: 5 }),
  );
  for (const scan of chain) expect(scan["Actual Rows"]).toBeLessThanOrEqual(19);
});
