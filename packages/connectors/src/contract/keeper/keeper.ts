// The port that every keeper's connector implements: who stores the units. Nothing here knows our SKUs, locations or orders.
import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import type { Outcome } from "../outcome.ts";
import type { TokenVault } from "../token-vault.ts";
import type { KeeperBudget, KeeperCapability } from "./keeper-capability.ts";
import type { KeeperFact, LevelLine, ReceiptFact, ReturnFact, ShipmentFact } from "./keeper-fact.ts";

/** Everything about one kind of keeper that needs no account. */
export interface KeeperKind {
  readonly capability: KeeperCapability;
  /** Reads what the keeper posted to us, proving its signature first; absent where it posts nothing. */
  readDelivery?(delivery: Delivery, access: DeliveryAccess): DeliveryReading;
  /** Reads a file that somebody uploaded; absent where files are not its way. */
  readFile?(file: KeeperFile, settings: unknown): Outcome<readonly KeeperFact[]>;
  /** Opens a connection; a wrong setting is an error of kind `auth` that names it. Calls nothing. */
  connect(access: KeeperAccess): Outcome<Keeper>;
}

/** What one connection gives its connector. */
export interface KeeperAccess {
  readonly connection: string;
  /** As stored: `baseUrl`, `tokenUrl` …; unchecked. */
  readonly settings: unknown;
  /** Decrypted, as stored; unchecked. */
  readonly credentials: unknown;
  readonly tokens: TokenVault;
  readonly clock: { now(): number };
  /** The keeper says how many of these calls it allows. */
  noteLimit?(budget: KeeperBudget, perMinute: number): void;
}

/** A request that somebody posted to our address, as it came. */
export interface Delivery {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawBody: Uint8Array;
  readonly receivedAt: Instant;
}

export interface DeliveryAccess {
  readonly settings: unknown;
  /** What the keeper signs with, newest first: more than one while it is being changed. */
  readonly secrets: readonly string[];
}

/** What came by a delivery; nothing in it is taken for true before its signature was. */
export type DeliveryReading =
  | {
      readonly kind: "facts";
      /** The keeper's id of the delivery, stable over repetitions; null where it has none. */
      readonly deliveryId: string | null;
      readonly facts: readonly KeeperFact[];
      /** What should be looked at now although the delivery says nothing that could be relied on. */
      readonly look?: KeeperLook;
    }
  | { readonly kind: "ignored"; readonly reason: string }
  | { readonly kind: "unverified"; readonly reason: string }
  | { readonly kind: "malformed"; readonly reason: string };

/** What to read next. */
export interface KeeperLook {
  readonly items?: readonly string[];
  readonly keeperOrderIds?: readonly string[];
  readonly movements?: boolean;
  readonly documents?: boolean;
}

export interface KeeperFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** When it was last written, as its place says. */
  readonly modifiedAt: Instant;
  readonly receivedAt: Instant;
}

/** A seller's account at a keeper. */
export interface Keeper {
  /** Who we are there, and the places it has: what the settings' `locations` must name. */
  readAccount(): Promise<Outcome<KeeperAccount>>;
  /** What lies there, page by page, or of some items only (at most `levelsPerRead`). */
  readLevels?(query: {
    readonly items?: readonly string[];
    readonly page?: string;
  }): Promise<Outcome<LevelsPage>>;
  /**
   * What happened since `cursor` (null: from `since` on): the keeper's log, new files. The cursor is ours to keep, whole facts at a
   * time: asked again with the same cursor it tells the same.
   */
  collect?(query: { readonly cursor: string | null; readonly since: Instant }): Promise<Outcome<Collected>>;
  /** Orders, receipts and returns that changed, page by page. */
  listDocuments?(query: {
    readonly from: Instant;
    readonly page?: string;
  }): Promise<Outcome<{ readonly facts: readonly DocumentFact[]; readonly nextPage: string | null }>>;
  /** The order as it stands; null when the keeper has none of that reference or id. */
  readOrder?(
    query: { readonly reference: string } | { readonly keeperOrderId: string },
  ): Promise<Outcome<ShipmentFact | null>>;
  /**
   * Gives the order to the keeper. Safe to be asked again with the same reference after any failure: an order that is there
   * already is the answer, never a second one.
   */
  createOrder?(order: FulfilmentOrder): Promise<Outcome<{ readonly keeperOrderId: string }>>;
  /** `too_late`: it is being picked or has left. `unknown`: the keeper never had it. */
  cancelOrder?(order: {
    readonly reference: string;
    readonly keeperOrderId: string | null;
  }): Promise<Outcome<"cancelled" | "too_late" | "unknown">>;
  /** Announces a delivery; safe to be asked again, as `createOrder` is. */
  announceInbound?(inbound: InboundAnnouncement): Promise<Outcome<{ readonly keeperInboundId: string }>>;
  cancelInbound?(inbound: {
    readonly reference: string;
    readonly keeperInboundId: string | null;
  }): Promise<Outcome<"cancelled" | "too_late" | "unknown">>;
  /**
   * Has the keeper post its news to `url`: finds, makes and mends what that takes, and changes nothing where all is well. A secret
   * that the keeper tells once is the answer, to be kept; `known` are those kept so far.
   */
  keepSubscription?(query: {
    readonly url: string;
    readonly known: readonly string[];
  }): Promise<Outcome<{ readonly secrets: readonly string[] }>>;
}

export type DocumentFact = ShipmentFact | ReceiptFact | ReturnFact;

export interface KeeperAccount {
  readonly accountId: string;
  readonly facilities: readonly { readonly facility: string; readonly title: string }[];
}

export type LevelsPage =
  | {
      readonly kind: "levels";
      /** The time that this page was read in, or the time that the keeper states. */
      readonly asOf: { readonly from: Instant; readonly to: Instant };
      readonly lines: readonly LevelLine[];
      readonly nextPage: string | null;
    }
  /** The keeper is still at work on it: ask again, with this page. */
  | { readonly kind: "pending"; readonly page: string; readonly askAgainAfterMs: number };

export interface Collected {
  readonly facts: readonly KeeperFact[];
  readonly cursor: string | null;
  /** There is more: ask again at once. */
  readonly hasMore: boolean;
  /** What could not be read and was put aside, for people: a file and what is wrong with it. */
  readonly refused?: readonly { readonly name: string; readonly reason: string }[];
}

/** An order for the keeper to pick, pack and ship, in its own items. */
export interface FulfilmentOrder {
  /** Ours, never used for anything else, at most 40 characters. */
  readonly reference: string;
  /** The marketplace's own id, for the people in the warehouse. */
  readonly orderNumber: string;
  readonly facility: string;
  readonly placedAt: Instant;
  readonly lines: readonly { readonly lineId: string; readonly item: string; readonly units: Units }[];
  /** Where it goes; null where the keeper gets address and label from the marketplace. */
  readonly shipTo: ShipTo | null;
  /** What the keeper calls the way of shipping; null: its standard. */
  readonly shippingMethod: string | null;
}

export interface ShipTo {
  readonly name: string;
  readonly address1: string;
  readonly address2?: string;
  readonly city: string;
  readonly region?: string;
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly phone?: string;
  readonly email?: string;
}

export interface InboundAnnouncement {
  /** Ours, never used for anything else, at most 40 characters. */
  readonly reference: string;
  readonly facility: string;
  readonly expectedAt: Instant | null;
  readonly lines: readonly { readonly item: string; readonly units: Units }[];
}
