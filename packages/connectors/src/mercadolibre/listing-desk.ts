import type { z } from "zod";

import type { ConnectorError } from "../contract/connector-error.ts";
import type { ListingReading, PushReceipt, QuantityPush } from "../contract/connector.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { ApiCall, MercadoLibreClient } from "./client.ts";
import { toUnreadableError } from "./error.ts";
import { notAnExternalId, parseExternalId } from "./external-id.ts";
import { ItemReader } from "./item-reader.ts";
import type { SellerAccount, SellerAccountReader } from "./seller-account.ts";
import { StockBudget } from "./stock-budget.ts";
import {
  type ReadListing,
  sharedQuantityOf,
  toListingReading,
  type VersionedStock,
  type Writer,
} from "./to-listing.ts";
import { quantityProblem, toItemPush, toReceipt, toSharedPush } from "./to-push.ts";
import { itemWrittenSchema, sharedWrittenSchema, userProductStockSchema } from "./wire.ts";

/** How a listing is written is believed this long, in milliseconds; every reading says it anew. */
const KNOWN_MS = 86_400_000;

/** Listings whose writer is remembered; beyond it the longest unread are forgotten. */
const REMEMBERED_MAX = 20_000;

type SharedWriter = Writer & { readonly via: "selling_address" | "seller_warehouse" };

interface Remembered {
  readonly at: number;
  readonly read: ReadListing;
}

/** What listings show and how they are written: which call it takes follows from the seller, the item and who ships it. */
export class ListingDesk {
  private readonly client: MercadoLibreClient;
  private readonly account: SellerAccountReader;
  private readonly clock: { now(): number };
  private readonly items: ItemReader;
  private readonly budget: StockBudget;
  private readonly remembered = new Map<string, Remembered>();

  constructor(options: {
    readonly client: MercadoLibreClient;
    readonly account: SellerAccountReader;
    readonly clock: { now(): number };
  }) {
    this.client = options.client;
    this.account = options.account;
    this.clock = options.clock;
    this.items = new ItemReader(options.client);
    this.budget = new StockBudget(options.clock);
  }

  async read(externalIds: readonly string[]): Promise<readonly Outcome<ListingReading>[]> {
    const account = await this.account.read();
    if (!account.ok) return externalIds.map(() => account);
    const addresses = externalIds.map(parseExternalId);
    const items = await this.items.read(
      addresses.flatMap((address) => address ?? []),
      account.value,
    );
    const stocks = new Map<string, Promise<Outcome<VersionedStock | null>>>();
    const readOne = async (externalId: string, index: number): Promise<Outcome<ListingReading>> => {
      const address = addresses[index] ?? null;
      const found = address === null ? failed(notAnExternalId(externalId)) : items.of(address);
      const read = found.ok ? await this.withStock(found.value, account.value, stocks) : found;
      return read.ok ? this.remember(externalId, read.value) : read;
    };
    return Promise.all(externalIds.map(readOne));
  }

  async push(push: QuantityPush): Promise<Outcome<PushReceipt>> {
    const problem = quantityProblem(push.quantity);
    if (problem !== null) return failed(problem);
    const known = await this.recall(push.externalId);
    if (!known.ok) return known;
    const { writer } = known.value;
    if (writer.via === "none") return failed(notWritable(writer.reason));
    if (writer.via === "item" || writer.via === "variation") return this.pushItem(push, writer);
    return this.pushShared(push, known.value, writer);
  }

  private async pushItem(
    { externalId, quantity }: QuantityPush,
    writer: Writer & { readonly via: "item" | "variation" },
  ): Promise<Outcome<PushReceipt>> {
    const written = await this.client.call(itemWrittenSchema, toItemPush(writer, quantity));
    if (!written.ok) return this.afterFailure(externalId, written.error);
    const receipt = toReceipt(written.value, writer);
    // An account that has depots by now is answered 200, and nothing happens (DOC:stock-multiwarehouse): ask who it is.
    if (receipt.quantity !== null && receipt.quantity !== quantity) this.forget(externalId);
    return succeeded(receipt);
  }

  private async pushShared(
    push: QuantityPush,
    read: ReadListing,
    writer: SharedWriter,
  ): Promise<Outcome<PushReceipt>> {
    const { externalId, quantity, ifVersion } = push;
    const known = await this.sharedFor(push, read, writer);
    if (!known.ok) return this.afterFailure(externalId, known.error);
    const { versioned, seller } = known.value;
    const { version } = versioned;
    if (version === null) return failed(toUnreadableError(`the version of ${externalId}`, false));
    if (ifVersion !== undefined && version !== ifVersion)
      return this.afterFailure(externalId, moved(externalId));
    const part = sharedQuantityOf(versioned, writer, seller);
    if (!part.ok) return failed(notWritable(part.reason));
    const call = toSharedPush(writer, { quantity, version, locations: part.locations });
    const written = await this.callStock(sharedWrittenSchema, call);
    if (!written.ok) return this.afterFailure(externalId, written.error);
    // The version has moved with our own write: the next one needs another reading.
    this.remembered.set(externalId, { at: this.clock.now(), read: { ...read, shared: null } });
    return succeeded(toReceipt(written.value.body, writer));
  }

  /** The stock as it was last read: if it moved since, the channel refuses the write. */
  private async sharedFor(
    { externalId }: QuantityPush,
    read: ReadListing,
    writer: SharedWriter,
  ): Promise<Outcome<NonNullable<ReadListing["shared"]>>> {
    if (read.shared !== null) return succeeded(read.shared);
    const account = await this.account.read();
    if (!account.ok) return account;
    const versioned = await this.readStock(writer.userProductId);
    if (!versioned.ok) return versioned;
    if (versioned.value === null) return failed(notWritable(`${externalId} has no stock of its own yet.`));
    return succeeded({ versioned: versioned.value, seller: account.value });
  }

  private async withStock(
    read: ReadListing,
    seller: SellerAccount,
    stocks: Map<string, Promise<Outcome<VersionedStock | null>>>,
  ): Promise<Outcome<ReadListing>> {
    const userProductId = stockBehind(read);
    if (userProductId === null) return succeeded(read);
    const asked = stocks.get(userProductId) ?? this.readStock(userProductId);
    stocks.set(userProductId, asked);
    const versioned = await asked;
    if (!versioned.ok) return versioned;
    if (versioned.value !== null)
      return succeeded({ ...read, shared: { versioned: versioned.value, seller } });
    if (read.writer.via !== "seller_warehouse") return succeeded(read);
    const reason = "No depot holds this product yet: put it into one at MercadoLibre.";
    return succeeded({ ...read, writer: { via: "none", reason } });
  }

  /** Null: there is none until the stock was set for the first time ("stock-locations not found"). */
  private async readStock(userProductId: string): Promise<Outcome<VersionedStock | null>> {
    const path = `/user-products/${userProductId}/stock`;
    const stock = await this.callStock(userProductStockSchema, { method: "GET", path });
    if (!stock.ok) return stock.error.kind === "not_found" ? succeeded(null) : stock;
    return succeeded({ stock: stock.value.body, version: stock.value.headers.get("x-version") });
  }

  private async callStock<Schema extends z.ZodType>(schema: Schema, call: ApiCall) {
    const refused = this.budget.take(call.method === "GET" ? "read" : "write");
    if (refused !== null) return failed(refused);
    const answer = await this.client.callWithHeaders(schema, call);
    if (answer.ok || answer.error.kind !== "throttled") return answer;
    this.budget.throttled(answer.error.retryAfterMs);
    return failed({ ...answer.error, isOnlyThis: true });
  }

  private remember(externalId: string, read: ReadListing): Outcome<ListingReading> {
    this.remembered.delete(externalId);
    this.remembered.set(externalId, { at: this.clock.now(), read });
    const [oldest] = this.remembered.keys();
    if (this.remembered.size > REMEMBERED_MAX && oldest !== undefined) this.remembered.delete(oldest);
    return succeeded(toListingReading(read));
  }

  private async recall(externalId: string): Promise<Outcome<ReadListing>> {
    const known = this.remembered.get(externalId);
    if (known !== undefined && this.clock.now() - known.at < KNOWN_MS) return succeeded(known.read);
    const [reading] = await this.read([externalId]);
    if (reading?.ok === false) return reading;
    const read = this.remembered.get(externalId)?.read;
    return read === undefined ? failed(missing(externalId)) : succeeded(read);
  }

  private afterFailure(externalId: string, error: ConnectorError): Outcome<PushReceipt> {
    if (error.kind === "rejected" || error.kind === "not_found") this.forget(externalId);
    else if (error.kind === "conflict") this.remembered.delete(externalId);
    return failed(error);
  }

  private forget(externalId: string): void {
    this.remembered.delete(externalId);
    this.account.forget();
  }
}

/** The user product whose stock says what a listing shows; null where the item itself does. */
function stockBehind({ address, writer }: ReadListing): string | null {
  if (address.kind === "user_product") return address.userProductId;
  return writer.via === "selling_address" || writer.via === "seller_warehouse" ? writer.userProductId : null;
}

function missing(externalId: string): ConnectorError {
  return { kind: "not_found", message: `MercadoLibre has no listing ${externalId}.`, status: 404 };
}

function notWritable(message: string): ConnectorError {
  return { kind: "rejected", code: "not_writable", message };
}

function moved(externalId: string): ConnectorError {
  const message = `The stock of ${externalId} has moved since it was read: nothing was written.`;
  return { kind: "conflict", code: "version_mismatch", message };
}
