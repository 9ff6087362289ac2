import type pg from "pg";

import type { LedgerLog } from "./ledger-context.ts";

/** Tables in which several indexes begin with the seller, so that an ill-informed planner has a wrong one to take. */
const TABLES = ["entry", "movement", "account", "sales_order", "alert"];

/** How many entries this process writes between two looks: few at first, when tables grow from nothing. */
const ENTRIES_BETWEEN = { young: 500, later: 10_000 };
const YOUNG_ENTRIES = 50_000;

/** A table is taken for known from this many pages on: it changes slowly enough for autovacuum. */
const KNOWN_PAGES = 2_000;

/**
 * Tells the planner about tables that have outgrown what it knows of them. Until autovacuum comes by, up to a minute later,
 * it takes every index of an empty table for equally good, and a look-up by key then reads everything a seller has.
 */
export class YoungStatistics {
  private readonly pool: pg.Pool;
  private readonly log: LedgerLog;
  private entries = 0;
  private nextLook = ENTRIES_BETWEEN.young;
  private looking: Promise<void> | null = null;

  constructor(pool: pg.Pool, log: LedgerLog) {
    this.pool = pool;
    this.log = log;
  }

  /** To be told of the entries of each commit. */
  note(entries: number): void {
    this.entries += entries;
    if (this.entries < this.nextLook) return;
    const { young, later } = ENTRIES_BETWEEN;
    this.nextLook = this.entries + (this.entries < YOUNG_ENTRIES ? young : later);
    this.looking ??= this.look();
  }

  async close(): Promise<void> {
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      const { rows } = await this.pool.query<{ name: string }>(
        `select c.relname as name from pg_class c
         where c.oid = any(select to_regclass(t)::oid from unnest($1::text[]) t)
           and c.relpages < $2
           and pg_relation_size(c.oid) / current_setting('block_size')::int > 2 * c.relpages`,
        [TABLES, KNOWN_PAGES],
      );
      if (rows.length > 0) await this.pool.query(`analyze ${rows.map(({ name }) => name).join(", ")}`);
    } catch (error) {
      this.log.warn({ stage: "ledger", error }, "statistics of young tables could not be taken");
    }
    this.looking = null;
  }
}
