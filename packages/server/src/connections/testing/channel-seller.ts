import type { Command } from "@onepool/core/ledger/command.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type pg from "pg";
import { afterAll } from "vitest";

import { sealed } from "../../auth/secret-box.ts";
import { createSeller } from "../../ledger/create-seller.ts";
import { type Ledger, openLedger } from "../../ledger/ledger.ts";
import { createLog } from "../../log/log.ts";
import type { TestDatabase } from "../../testing/test-database.ts";

export const clock = { now: () => Date.now() };
export const silentLog = createLog({ level: "silent" });
export const secretBox = sealed("s".repeat(32));

/** The ledger of a test file, closed at its end. */
export function testLedger(database: TestDatabase): Ledger {
  const ledger = openLedger({ pool: database.openPool({ max: 2, pipeline: true }), clock, log: silentLog });
  afterAll(() => ledger.close());
  return ledger;
}

/** A seller with a ledger of its own. */
export async function addSeller(pool: pg.Pool, code: string): Promise<number> {
  return (await createSeller(pool, { code, name: code, timeZone: "UTC" })).sellerId;
}

/** Gives the ledger commands that it has to take. */
export async function tell(ledger: Ledger, sellerId: number, ...commands: readonly Command[]): Promise<void> {
  const answer = await ledger.submit({ sellerId, commands });
  const refused = answer.kind === "done" ? answer.results.find((result) => !result.ok) : answer;
  if (refused !== undefined) throw new Error(`the ledger did not take it: ${JSON.stringify(refused)}`);
}

export function receipt(sku: string, units: number): Command {
  return {
    kind: "movement",
    movement: "receipt",
    sku,
    location: "main",
    units,
    externalId: `${sku}/${units}`,
  };
}

export function connection(
  code: string,
  settings: JsonObject,
  credentials: JsonObject = { clientId: "1", clientSecret: "secret", refreshToken: "TG-1" },
): Command {
  return {
    kind: "put_connection",
    code,
    connectionKind: "mercadolibre",
    mode: "live",
    settings,
    credentials: secretBox.seal(JSON.stringify(credentials)).toString("base64"),
  };
}

export function listing(code: string, externalId: string, sku: string, units = 1): Command {
  return { kind: "put_listing", connection: code, externalId, components: [{ sku, units }] };
}
