// A seller's ledger on a test database.
import type { Command } from "@onepool/core/ledger/command.ts";
import pg from "pg";

import { PARSED_TYPES } from "../../postgres/parsed-types.ts";
import type { TestDatabase } from "../../testing/test-database.ts";
import { createSeller } from "../create-seller.ts";
import type { LedgerLimits, LedgerLog } from "../ledger-context.ts";
import { openLedger, type Ledger } from "../ledger.ts";
import type { CommandResult, Submission, SubmissionAnswer } from "../submission.ts";

/** A clock that stands still until it is moved. */
export class StandingClock {
  private at: number;

  constructor(at: number) {
    this.at = at;
  }

  now(): number {
    return this.at;
  }

  advance(milliseconds: number): void {
    this.at += milliseconds;
  }
}

/** A log whose lines can be looked at. */
export class KeptLog implements LedgerLog {
  readonly lines: { readonly level: string; readonly fields: object; readonly message: string }[] = [];

  info(fields: object, message: string): void {
    this.lines.push({ level: "info", fields, message });
  }

  warn(fields: object, message: string): void {
    this.lines.push({ level: "warn", fields, message });
  }

  error(fields: object, message: string): void {
    this.lines.push({ level: "error", fields, message });
  }

  at(level: string): readonly string[] {
    return this.lines.filter((line) => line.level === level).map(({ message }) => message);
  }
}

export interface TestLedger {
  readonly sellerId: number;
  readonly ledger: Ledger;
  readonly pool: pg.Pool;
  readonly log: KeptLog;
  readonly submit: (
    commands: readonly Command[],
    idempotency?: Submission["idempotency"],
  ) => Promise<SubmissionAnswer>;
  /** The results of commands that were recorded or refused; throws on any other answer. */
  readonly tell: (...commands: readonly Command[]) => Promise<readonly CommandResult[]>;
}

export interface TestLedgerOptions {
  readonly clock?: { now(): number };
  readonly limits?: Partial<LedgerLimits>;
  /** An existing seller; a new one if not given. */
  readonly sellerId?: number;
  readonly connections?: number;
  /** Another way to the database, such as a proxy that breaks; the test ends its pool. */
  readonly through?: string;
}

let sellers = 0;

/** Opens a ledger, with a new seller unless one is given. The test closes it. */
export async function openTestLedger(
  database: TestDatabase,
  options: TestLedgerOptions = {},
): Promise<TestLedger> {
  const { clock = Date, limits = {}, connections = 4 } = options;
  const settings = { max: connections, pipeline: true, applicationName: "test ledger" };
  const pool =
    options.through === undefined ? database.openPool(settings) : poolThrough(options.through, settings);
  const log = new KeptLog();
  const sellerId =
    options.sellerId ??
    (await createSeller(database.pool, { code: `seller-${++sellers}`, name: "Test", timeZone: "UTC" }, clock))
      .sellerId;
  const ledger = openLedger({ pool, clock, log, limits, endsDueHolds: false });
  const submit = (
    commands: readonly Command[],
    idempotency?: Submission["idempotency"],
  ): Promise<SubmissionAnswer> =>
    ledger.submit(idempotency === undefined ? { sellerId, commands } : { sellerId, commands, idempotency });
  return {
    sellerId,
    ledger,
    pool,
    log,
    submit,
    async tell(...commands) {
      const answer = await submit(commands);
      if (answer.kind !== "done") throw new Error(`the ledger answered ${JSON.stringify(answer)}`);
      return answer.results;
    },
  };
}

function poolThrough(
  url: string,
  settings: { max: number; pipeline: boolean; applicationName: string },
): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, ...settings, types: PARSED_TYPES });
  pool.on("error", () => {}); // it is meant to break
  return pool;
}
