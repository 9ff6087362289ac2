import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import { fastify } from "fastify";
import { afterAll, beforeAll } from "vitest";

import { startKeepers } from "../../../connections/start-keepers.ts";
import { clock, secretBox, silentLog } from "../../../connections/testing/channel-seller.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import type { TestDatabase } from "../../../testing/test-database.ts";

/** Everything that hears and reads keepers of one kind, reachable by them, for the tests of a file. To be called at its top. */
export function keeperServer(database: TestDatabase, ledger: Ledger, kind: KeeperKind): void {
  const app = fastify();
  let url = "";
  const publicUrl = (): string => url;
  const shared = { database, ledger, secretBox, clock, log: silentLog, publicUrl };
  const keepers = startKeepers({ ...shared, kinds: [kind] });
  beforeAll(async () => {
    await app.register(keepers.hooks);
    url = await app.listen({ port: 0, host: "127.0.0.1" });
  });
  afterAll(async () => {
    await app.close();
    await keepers.close();
  });
}

/** What is stored by now, each as `kind/way`. */
export async function toldBy({ pool }: TestDatabase): Promise<readonly string[]> {
  const { rows } = await pool.query<{ told: string }>("select kind || '/' || way as told from keeper_fact");
  return rows.map(({ told }) => told);
}
