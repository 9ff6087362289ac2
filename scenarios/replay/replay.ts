// Replays all of Online Retail in order, shuffled within ten minutes and with every event doubled, and compares the balances.
// Usage: node scenarios/replay/replay.ts online-retail.csv.gz [limit of events] [seed]
import { setTimeout as wait } from "node:timers/promises";

import { createSeller } from "@onepool/server/ledger/create-seller.ts";
import { openLedger, type Ledger } from "@onepool/server/ledger/ledger.ts";
import { verifyLedger } from "@onepool/server/ledger/verify/verify-ledger.ts";
import { createTestDatabase } from "@onepool/server/testing/create-test-database.ts";

import { readRetailHistory, type RetailEvent, type RetailHistory } from "./retail-events.ts";
import { tellAs, type Variant } from "./variants.ts";

const VARIANTS: readonly Variant[] = ["in order", "shuffled", "doubled"];

const STDERR_LOG = {
  info: () => undefined,
  warn: (fields: object, message: string) =>
    void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
  error: (fields: object, message: string) =>
    void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
};

/** Messages under way at once. */
const IN_FLIGHT = 256;

export interface VariantReport {
  readonly variant: Variant;
  readonly events: number;
  readonly orderLines: number;
  readonly refused: number;
  readonly entries: number;
  readonly seconds: number;
  readonly differences: number;
  /** Units per account, by `sku/location/bucket`. */
  readonly balances: ReadonlyMap<string, number>;
}

export interface ReplayReport {
  readonly rows: number;
  readonly skus: number;
  readonly variants: readonly VariantReport[];
  readonly isEqual: boolean;
}

export async function replayAll(
  path: string,
  limit = Number.POSITIVE_INFINITY,
  seed = 1,
): Promise<ReplayReport> {
  const history = await readRetailHistory(path);
  const events = history.events.slice(0, limit);
  const variants: VariantReport[] = [];
  for (const variant of VARIANTS) {
    variants.push(await replay(history, variant, tellAs(variant, events, seed)));
    process.stderr.write(`${summaryOf(variants.at(-1) as VariantReport)}\n`);
  }
  const [first, ...others] = variants.map(({ balances }) =>
    JSON.stringify([...balances].toSorted(([left], [right]) => (left < right ? -1 : 1))),
  );
  return {
    rows: history.rows,
    skus: history.skus.length,
    variants,
    isEqual: others.every((other) => other === first),
  };
}

async function replay(
  history: RetailHistory,
  variant: Variant,
  events: readonly RetailEvent[],
): Promise<VariantReport> {
  const created = await createTestDatabase({});
  const { database } = created;
  const pool = database.openPool({ max: 8, pipeline: true });
  const { sellerId } = await createSeller(database.pool, {
    code: "retail",
    name: "Online Retail",
    timeZone: "Europe/London",
  });
  const ledger = openLedger({ pool, clock: { now: () => Date.now() }, log: STDERR_LOG });
  const start = performance.now();
  try {
    await ledger.submit({
      sellerId,
      commands: history.skus.map((sku) => ({ kind: "put_sku", sku, attributes: {} })),
    });
    const refused = await tellEverything(ledger, sellerId, events);
    await ledger.close();
    const seconds = (performance.now() - start) / 1000;
    const { differences } = await verifyLedger(database.pool, sellerId);
    const head = await database.pool.query<{ seq: number }>("select seq from head where seller_id = $1", [
      sellerId,
    ]);
    const orderLines = events.reduce(
      (sum, { command }) => sum + (command.kind === "order" ? command.order.lines.length : 0),
      0,
    );
    const balances = await balancesOf(database.pool, sellerId);
    return {
      variant,
      events: events.length,
      orderLines,
      refused,
      entries: head.rows[0]?.seq ?? 0,
      seconds,
      differences: differences.length,
      balances,
    };
  } finally {
    await ledger.close();
    await pool.end();
    await created.drop();
  }
}

async function tellEverything(
  ledger: Ledger,
  sellerId: number,
  events: readonly RetailEvent[],
): Promise<number> {
  let refused = 0;
  const inFlight = new Set<Promise<void>>();
  for (const { command } of events) {
    while (inFlight.size >= IN_FLIGHT) await Promise.race(inFlight);
    const told: Promise<void> = tell(ledger, sellerId, command).then((ok) => {
      refused += ok ? 0 : 1;
      inFlight.delete(told);
    });
    inFlight.add(told);
  }
  await Promise.all(inFlight);
  return refused;
}

async function tell(ledger: Ledger, sellerId: number, command: RetailEvent["command"]): Promise<boolean> {
  for (;;) {
    const answer = await ledger.submit({ sellerId, commands: [command] });
    if (answer.kind === "overloaded") {
      await wait(1000 * answer.retryAfterSeconds);
      continue;
    }
    if (answer.kind !== "done") throw new Error(`the ledger answered ${answer.kind}`);
    const [result] = answer.results;
    if (result?.ok === false)
      process.stderr.write(`refused: ${result.rejection.message} ${JSON.stringify(command).slice(0, 300)}\n`);
    return result?.ok === true;
  }
}

async function balancesOf(
  pool: { query(text: string, values: unknown[]): Promise<{ rows: unknown[] }> },
  sellerId: number,
): Promise<Map<string, number>> {
  const { rows } = await pool.query(
    `select a.sku, a.location, a.bucket, m.units
       from account a
       join (select account_id, sum(units)::bigint as units from movement where seller_id = $1 group by account_id) m
         on m.account_id = a.account_id
      where a.seller_id = $1 and m.units <> 0`,
    [sellerId],
  );
  return new Map(
    (rows as { sku: string; location: string; bucket: string; units: number }[]).map(
      ({ sku, location, bucket, units }) => [`${sku}/${location}/${bucket}`, units] as const,
    ),
  );
}

function summaryOf(report: VariantReport): string {
  const { balances, ...figures } = report;
  return JSON.stringify({ ...figures, accounts: balances.size });
}

if (import.meta.main) {
  const [path = "", limit, seed] = process.argv.slice(2);
  const report = await replayAll(
    path,
    limit === undefined ? undefined : Number(limit),
    seed === undefined ? undefined : Number(seed),
  );
  const clean = report.variants.every(({ differences }) => differences === 0);
  process.stdout.write(
    `${JSON.stringify({ rows: report.rows, skus: report.skus, isEqual: report.isEqual, isVerified: clean })}\n`,
  );
  process.exitCode = report.isEqual && clean ? 0 : 1;
}
