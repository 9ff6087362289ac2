import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import { ScriptedVendor } from "@onepool/connectors/contract/testing/scripted-vendor.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type pg from "pg";
import { afterAll, afterEach } from "vitest";

import { KeeperRegistry } from "../../../connections/keeper-registry.ts";
import { clock, secretBox, silentLog } from "../../../connections/testing/channel-seller.ts";
import { ObservationLog } from "../../../observe/observation-log.ts";
import type { TestDatabase } from "../../../testing/test-database.ts";
import { waitUntil } from "../../../testing/wait-until.ts";
import { keeperMetrics } from "../keeper-metrics.ts";
import { KeeperReader } from "../keeper-reader.ts";
import { SilenceKeeper } from "../silence-keeper.ts";
import { plain } from "./plain-keeper.ts";

/** Processes that read keepers, for the tests of a file. To be called at its top. */
export function keeperReaders(database: TestDatabase) {
  const pools = [database.openPool({ max: 4 }), database.openPool({ max: 4 })];
  const open: { close(): Promise<void> }[] = [];
  const closeAll = async (): Promise<void> => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  };
  afterEach(closeAll);
  const partsOf = (pool: pg.Pool, kinds: readonly KeeperKind[]) => {
    const shared = { pool, clock, log: silentLog, secretBox };
    const observations = new ObservationLog(shared);
    return { ...shared, registry: new KeeperRegistry({ ...shared, kinds }), observations };
  };
  return {
    /** Starts so many, each on connections of its own. */
    start(count = 1): void {
      for (const pool of pools.slice(0, count)) {
        const parts = partsOf(pool, [plain]);
        const metrics = keeperMetrics(undefined);
        const publicUrl = (): string => "http://127.0.0.1:4040";
        open.push(new KeeperReader({ ...parts, metrics, publicUrl, onStored: () => {} }), parts.observations);
      }
    },
    /** Starts what tells people of keepers that are not heard. */
    watch(): void {
      for (const pool of pools.slice(0, 1)) {
        const parts = partsOf(pool, [plain]);
        open.push(new SilenceKeeper({ ...parts, everyMs: 20 }), parts.observations);
      }
    },
    stop: closeAll,
  };
}

/** A warehouse whose answers a test scripts, by path; it counts what it was asked. */
export class Warehouse {
  readonly vendor: ScriptedVendor;
  private answers: Readonly<Record<string, (query: URLSearchParams, nth: number) => unknown>> = {};

  private constructor(vendor: ScriptedVendor) {
    this.vendor = vendor;
    vendor.api = ({ target }) => {
      const { path, query } = partsOf(target);
      const nth = this.asked(path).length;
      const answer = this.answers[path]?.(query, nth) ?? EMPTY[path];
      return typeof answer === "number" ? [answer, {}] : [200, answer];
    };
  }

  static async open(): Promise<Warehouse> {
    const warehouse = new Warehouse(await ScriptedVendor.open());
    afterAll(() => warehouse.vendor.close());
    return warehouse;
  }

  /** What it answers from now on; a number is a status. Elsewhere there is nothing to tell. */
  script(answers: Readonly<Record<string, (query: URLSearchParams, nth: number) => unknown>>): void {
    this.vendor.asked.splice(0);
    this.answers = answers;
  }

  /** The queries of every call so far to this path. */
  asked(path: string): URLSearchParams[] {
    return this.vendor.calls
      .map(({ target }) => partsOf(target))
      .flatMap((call) => (call.path === path ? [call.query] : []));
  }

  settings(more: JsonObject = {}): JsonObject {
    return { baseUrl: this.vendor.baseUrl, hookSecret: "hook-secret", ...more };
  }
}

const EMPTY: Readonly<Record<string, unknown>> = {
  account: { accountId: "acc-1", facilities: [] },
  levels: { kind: "levels", asOf: { from: 1, to: 2 }, lines: [], nextPage: null },
  log: { facts: [], cursor: "0", hasMore: false },
  documents: { facts: [], nextPage: null },
  order: null,
  subscription: { secrets: ["s-1"] },
};

function partsOf(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const { pathname, searchParams } = new URL(target, "http://127.0.0.1");
  return { path: pathname.split("/").at(-1) ?? "", query: searchParams };
}

/** How far one way of reading a connection is. */
export interface Progress {
  readonly cursor: string | null;
  readonly progress: unknown;
  readonly complete_at: Date | null;
  readonly attempts: number;
  readonly due_at: Date;
  readonly error: { readonly message: string } | null;
}

export async function progressOf(pool: pg.Pool, code: string, way: string): Promise<Progress | undefined> {
  const { rows } = await pool.query<Progress>(
    "select cursor, progress, complete_at, attempts, due_at, error from keeper_progress where connection = $1 and way = $2",
    [code, way],
  );
  return rows[0];
}

/** Waits until a way came to its end, again if it did before. */
export async function completed(pool: pg.Pool, code: string, way: string): Promise<void> {
  await waitUntil(async () => {
    const now = await progressOf(pool, code, way);
    return now !== undefined && now.complete_at !== null && now.attempts === 0;
  });
}
