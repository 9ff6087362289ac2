import type { TokenVault } from "@onepool/connectors/contract/token-vault.ts";
import { StoredTokenVault } from "@onepool/server/connections/stored-token-vault.ts";
import {
  addSeller,
  secretBox,
  tell,
  testLedger,
} from "@onepool/server/connections/testing/channel-seller.ts";
import type { TestDatabase } from "@onepool/server/testing/test-database.ts";

/** Where one connection's tokens lie. */
export interface VaultRow {
  readonly connection: string;
  /** The vault as one process holds it. */
  open(clock: { now(): number }): TokenVault;
}

export interface BatteryVaults {
  /** Enters credentials for a new connection. */
  add(kind: string, credentials: Readonly<Record<string, string>>): Promise<VaultRow>;
}

/**
 * The server's own vault on PostgreSQL and not a smaller one of the battery's: single use, the row's lock and the end of an
 * access are half of what a connector does right or wrong, and only that vault is the one sellers will have.
 */
export function openVaults(database: TestDatabase): BatteryVaults {
  const { pool } = database;
  const ledger = testLedger(database);
  const seller = addSeller(pool, "battery");
  let added = 0;
  return {
    async add(kind, credentials) {
      added += 1;
      const connection = `channel-${added}`;
      const sellerId = await seller;
      await tell(ledger, sellerId, {
        kind: "put_connection",
        code: connection,
        connectionKind: kind,
        mode: "live",
        settings: {},
        credentials: secretBox.seal(JSON.stringify(credentials)).toString("base64"),
      });
      return {
        connection,
        open: (clock) => new StoredTokenVault({ pool, secretBox, clock, sellerId, connection }),
      };
    },
  };
}
