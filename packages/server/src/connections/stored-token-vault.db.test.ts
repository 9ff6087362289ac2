import { failed, type Outcome, succeeded } from "@onepool/connectors/contract/outcome.ts";
import type { TokenGrant } from "@onepool/connectors/contract/token-vault.ts";
import { beforeEach, describe, expect, it } from "vitest";

import { testDatabase } from "../testing/test-database.ts";
import { StoredTokenVault } from "./stored-token-vault.ts";
import { addSeller, clock, connection, secretBox, tell, testLedger } from "./testing/channel-seller.ts";

const database = await testDatabase();
const ledger = testLedger(database);
const { pool } = database;
let sellerId = 0;
let sellers = 0;

/** A token endpoint whose refresh tokens work once, as MercadoLibre's do. */
class TokenEndpoint {
  valid = "TG-1";
  calls = 0;
  lifetimeMs = 3_600_000;

  exchange = async (refreshToken: string): Promise<Outcome<TokenGrant>> => {
    this.calls += 1;
    const nth = this.calls;
    // Others get their turn while the answer is on its way.
    await pool.query("select 1");
    if (refreshToken !== this.valid)
      return failed({ kind: "auth", code: "invalid_grant", message: "used or revoked" });
    this.valid = `TG-after-${nth}`;
    const expiresAt = clock.now() + this.lifetimeMs;
    return succeeded({ accessToken: `A-${nth}`, refreshToken: this.valid, expiresAt });
  };
}

let endpoint = new TokenEndpoint();

/** One process. */
const vault = () => new StoredTokenVault({ pool, secretBox, clock, sellerId, connection: "meli-1" });
const enter = (refreshToken: string, clientSecret = "secret") =>
  tell(ledger, sellerId, connection("meli-1", {}, { clientId: "1", clientSecret, refreshToken }));

beforeEach(async () => {
  sellers += 1;
  sellerId = await addSeller(pool, `seller-${sellers}`);
  endpoint = new TokenEndpoint();
  await enter("TG-1");
});

describe("the token vault", () => {
  it("exchanges once, however many processes ask at the same time", async () => {
    const processes = [vault(), vault(), vault()];
    const asks = processes.flatMap((one) => [one.current(endpoint.exchange), one.current(endpoint.exchange)]);
    expect(await Promise.all(asks)).toEqual(asks.map(() => succeeded("A-1")));
    expect(endpoint.calls).toBe(1);
  });

  it("replaces a refused token once, and gives the others the new one", async () => {
    const [one, two] = [vault(), vault()];
    await one.current(endpoint.exchange);
    await two.current(endpoint.exchange);
    const replaced = await Promise.all([
      one.replace("A-1", endpoint.exchange),
      two.replace("A-1", endpoint.exchange),
      one.replace("A-1", endpoint.exchange),
    ]);
    expect(replaced).toEqual([succeeded("A-2"), succeeded("A-2"), succeeded("A-2")]);
    expect(endpoint.calls).toBe(2);
    expect(await one.replace("A-1", endpoint.exchange)).toEqual(succeeded("A-2"));
    expect(endpoint.calls).toBe(2);
  });

  it("exchanges before a token ends", async () => {
    endpoint.lifetimeMs = 30_000;
    const one = vault();
    expect(await one.current(endpoint.exchange)).toEqual(succeeded("A-1"));
    expect(await one.current(endpoint.exchange)).toEqual(succeeded("A-2"));
  });

  it("asks for a new connection when the channel ended the access, and does not ask the channel again", async () => {
    endpoint.valid = "revoked";
    expect(await vault().current(endpoint.exchange)).toMatchObject({ ok: false, error: { kind: "auth" } });
    expect(await vault().current(endpoint.exchange)).toMatchObject({
      ok: false,
      error: { kind: "auth", code: "reconnect_needed" },
    });
    expect(endpoint.calls).toBe(1);
    const { rows } = await pool.query("select state from connection_token where seller_id = $1", [sellerId]);
    expect(rows).toEqual([{ state: "reconnect_needed" }]);
  });

  it("begins anew with credentials that were entered anew", async () => {
    endpoint.valid = "TG-new";
    await vault().current(endpoint.exchange);
    await enter("TG-new");
    expect(await vault().current(endpoint.exchange)).toMatchObject({ ok: true });
  });

  it("tries once more with credentials that were entered during the exchange", async () => {
    const enterMeanwhile = async (refreshToken: string): Promise<Outcome<TokenGrant>> => {
      if (refreshToken === "TG-1") {
        endpoint.valid = "TG-2";
        await enter("TG-2");
      }
      return endpoint.exchange(refreshToken);
    };
    expect(await vault().current(enterMeanwhile)).toEqual(succeeded("A-2"));
  });

  it("keeps the rotated token when only the client's secret was mended", async () => {
    const one = vault();
    await one.current(endpoint.exchange);
    await enter("TG-1", "another secret");
    endpoint.lifetimeMs = 1;
    expect(await one.replace("A-1", endpoint.exchange)).toEqual(succeeded("A-2"));
  });

  it("keeps what an exchange brought although the database went away before it was stored", async () => {
    const one = vault();
    const cutOff = async (refreshToken: string): Promise<Outcome<TokenGrant>> => {
      const granted = await endpoint.exchange(refreshToken);
      await pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and state = 'idle in transaction'`,
      );
      return granted;
    };
    await expect(one.current(cutOff)).rejects.toThrow();
    expect(await one.current(endpoint.exchange)).toEqual(succeeded("A-1"));
    expect(endpoint.calls).toBe(1);
    expect(await vault().current(endpoint.exchange)).toEqual(succeeded("A-1"));
  });

  it("says how to connect while nothing was entered or granted", async () => {
    await tell(ledger, sellerId, connection("meli-2", {}, { clientId: "1", clientSecret: "secret" }));
    const bare = new StoredTokenVault({ pool, secretBox, clock, sellerId, connection: "meli-2" });
    expect(await bare.current(endpoint.exchange)).toMatchObject({ error: { code: "wrong_credentials" } });
    const grant = { accessToken: "A-b", refreshToken: "TG-b", expiresAt: clock.now() + 3_600_000 };
    await bare.adopt(grant);
    expect(await bare.current(endpoint.exchange)).toEqual(succeeded("A-b"));
    expect(endpoint.calls).toBe(0);
  });

  it("changes nothing when the channel did not answer", async () => {
    const down = async () => failed({ kind: "transient", message: "away" });
    expect(await vault().current(down)).toMatchObject({ ok: false, error: { kind: "transient" } });
    expect(await vault().current(endpoint.exchange)).toEqual(succeeded("A-1"));
  });

  it("writes no token readable", async () => {
    await vault().current(endpoint.exchange);
    const { rows } = await pool.query<{ token: Buffer }>(
      "select token from connection_token where seller_id = $1",
      [sellerId],
    );
    expect(rows[0]?.token.toString("latin1")).not.toMatch(/A-1|TG-/);
  });
});
