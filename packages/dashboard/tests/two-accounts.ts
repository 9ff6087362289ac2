// Two simulated MercadoLibre accounts that sell the same SKU, connected as a seller connects them.
import { startMercadoLibre, type MercadoLibreSimulator } from "@onepool/simulators/mercadolibre/start.ts";

import type { Call } from "./served-screen.ts";

export interface TwoAccounts {
  /** A buyer takes one unit of the listing of an account. */
  buy(account: Account): Promise<void>;
  close(): Promise<void>;
}

export type Account = "meli-1" | "meli-2";
/** The mode of an account; live where none is said. */
type Modes = Partial<Readonly<Record<Account, "import" | "shadow" | "live">>>;
const ACCOUNTS: readonly Account[] = ["meli-1", "meli-2"];

export const LISTINGS: Readonly<Record<Account, string>> = {
  "meli-1": "MLM1000000001",
  "meli-2": "MLM2000000001",
};

export async function twoAccounts(
  units: number,
): Promise<TwoAccounts & { connect(call: Call, sku: string, modes?: Modes): Promise<void> }> {
  const simulator = await startMercadoLibre({
    seed: 1,
    apps: ACCOUNTS.map((app) => ({ app })),
    accounts: ACCOUNTS.map((account) => ({
      account,
      app: account,
      siteId: "MLM" as const,
      listings: [
        { listing: LISTINGS[account], title: "Knee brace M", sellerSku: "KB-M", availableQuantity: units },
      ],
    })),
  });
  return {
    buy: (account) =>
      control(simulator, "POST", "orders", { account, listing: LISTINGS[account], quantity: 1 }),
    connect: async (call, sku, modes = {}) => {
      for (const account of ACCOUNTS)
        await connect(simulator, call, { account, sku, mode: modes[account] ?? "live" });
    },
    close: () => simulator.close(),
  };
}

async function connect(
  simulator: MercadoLibreSimulator,
  call: Call,
  { account, sku, mode }: { readonly account: Account; readonly sku: string; readonly mode: string },
): Promise<void> {
  const known = simulator.accounts.find((candidate) => candidate.account === account);
  if (known === undefined) throw new Error(`the simulator has no account ${account}`);
  const { clientId, clientSecret, refreshToken, userId } = known;
  await call("PUT", `/v1/connections/${account}`, {
    kind: "mercadolibre",
    baseUrl: simulator.url,
    tokenUrl: simulator.tokenUrl,
    accountId: String(userId),
    credentials: { clientId, clientSecret, refreshToken },
    mode,
    since: new Date().toISOString(),
  });
  const { hookUrl } = await call("GET", `/v1/connections/${account}`);
  await control(simulator, "PUT", "accounts", {
    apps: [{ app: account, callbackUrl: String(hookUrl) }],
  });
  await call("PUT", `/v1/listings/${account}/${LISTINGS[account]}`, { components: [{ sku, units: 1 }] });
}

async function control(
  simulator: MercadoLibreSimulator,
  method: string,
  what: string,
  body: object,
): Promise<void> {
  const answer = await fetch(`${simulator.url}/_sim/${what}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${what} answered ${answer.status}: ${await answer.text()}`);
}
