import type pg from "pg";

import type { Log } from "../log/log.ts";

/** What readiness depends on, each with what is wrong or null. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

export interface ReadinessOptions {
  readonly pool: pg.Pool;
  readonly clock: { now(): number };
  readonly log: Log;
  /** The last migration this program knows. */
  readonly schemaNumber: number;
  /** Asks the writer something that it answers without changing anything. Rejects when it does not. */
  askLedger(): Promise<void>;
  /** Since the stop was asked for, nobody should send anything here any more. */
  isStopping(): boolean;
}

/** An answer is good for this long: the address is open to everybody, and asking costs queries. */
const KEPT_MS = 1000;
/** What takes longer counts as no answer. */
const PATIENCE_MS = 2000;
const OK = "ok";

/** Whether this server can take requests: database, schema and writer. Asked by load balancers. */
export function readinessOf(options: ReadinessOptions): () => Promise<Readiness> {
  let known: { readonly at: number; readonly answer: Promise<Readiness> } | null = null;
  return () => {
    const now = options.clock.now();
    if (options.isStopping()) return Promise.resolve({ ready: false, checks: { server: "stopping" } });
    if (known === null || Math.abs(now - known.at) >= KEPT_MS) known = { at: now, answer: check(options) };
    return known.answer;
  };
}

async function check(options: ReadinessOptions): Promise<Readiness> {
  const [database, migrations, ledger] = await Promise.all([
    outcome(options.log, "database", async () => void (await options.pool.query("select 1"))),
    outcome(options.log, "migrations", () => checkSchema(options)),
    outcome(options.log, "ledger", () => options.askLedger()),
  ]);
  const checks = { database, migrations, ledger };
  return { ready: Object.values(checks).every((each) => each === OK), checks };
}

async function checkSchema({ pool, schemaNumber }: ReadinessOptions): Promise<void> {
  const { rows } = await pool.query<{ number: number }>("select max(number) as number from schema_migration");
  const number = rows[0]?.number ?? 0;
  if (number < schemaNumber)
    throw new Error(`the schema is at ${number}, this program needs ${schemaNumber}`);
}

/** One word: the address is open to everybody, the reason is in the log. */
async function outcome(log: Log, name: string, work: () => Promise<void>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("no answer"), PATIENCE_MS);
  });
  const answered = work().then(
    () => OK,
    (error: unknown) => {
      log.warn({ stage: "api", check: name, err: error }, "this server is not ready");
      return "failing";
    },
  );
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}
