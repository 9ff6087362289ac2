import type { ConnectorError } from "../contract/connector-error.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { MercadoLibreClient } from "./client.ts";
import type { SellerTraits } from "./to-listing.ts";
import { userSchema } from "./wire.ts";

/** What an account says of itself is believed this long, in milliseconds: depots are switched on now and then. */
const KNOWN_MS = 3_600_000;

export interface SellerAccount extends SellerTraits {
  readonly accountId: string;
}

/** Who the connection's seller is, asked for when it is needed and remembered for an hour. */
export class SellerAccountReader {
  private readonly client: MercadoLibreClient;
  private readonly clock: { now(): number };
  private readonly options: { readonly accountId: string | null; readonly storeId: string | null };
  private known: { readonly at: number; readonly account: SellerAccount } | null = null;
  private underWay: Promise<Outcome<SellerAccount>> | null = null;

  constructor(options: {
    readonly client: MercadoLibreClient;
    readonly clock: { now(): number };
    /** Whose account it has to be; null: whoever the tokens are of. */
    readonly accountId: string | null;
    readonly storeId: string | null;
  }) {
    this.client = options.client;
    this.clock = options.clock;
    this.options = options;
  }

  /** The account's own id, without a call where the settings name it. */
  async readId(): Promise<Outcome<string>> {
    const { accountId } = this.options;
    if (accountId !== null) return succeeded(accountId);
    const account = await this.read();
    return account.ok ? succeeded(account.value.accountId) : account;
  }

  read(): Promise<Outcome<SellerAccount>> {
    const { known } = this;
    if (known !== null && this.clock.now() - known.at < KNOWN_MS)
      return Promise.resolve(succeeded(known.account));
    this.underWay ??= this.ask().finally(() => {
      this.underWay = null;
    });
    return this.underWay;
  }

  /** Something contradicts what is known. */
  forget(): void {
    this.known = null;
  }

  private async ask(): Promise<Outcome<SellerAccount>> {
    const user = await this.client.call(userSchema, { method: "GET", path: "/users/me" });
    if (!user.ok) return user;
    const { id: accountId, site_id: siteId, tags } = user.value;
    const { accountId: expected, storeId } = this.options;
    if (expected !== null && expected !== accountId) return failed(otherAccount(accountId, expected));
    const account = { accountId, siteId: siteId ?? null, tags: tags ?? [], storeId };
    this.known = { at: this.clock.now(), account };
    return succeeded(account);
  }
}

function otherAccount(accountId: string, expected: string): ConnectorError {
  const message = `The tokens are of the MercadoLibre account ${accountId}, the connection is to ${expected}: connect it again, signed in as that one.`;
  return { kind: "auth", code: "other_account", message };
}
