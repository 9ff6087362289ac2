import type { OrderReport } from "@onepool/core/ledger/order-record.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import type { Authorization } from "./authorization.ts";
import type { CallBudget, Capability } from "./capability.ts";
import type { NoticeReading, Notice } from "./notice.ts";
import type { Outcome } from "./outcome.ts";
import type { QueueAddress } from "./queue-address.ts";
import type { SubscriptionState } from "./subscription.ts";
import type { TokenVault } from "./token-vault.ts";

/** Everything about one kind of channel that needs no account. */
export interface ConnectorKind {
  readonly capability: Capability;
  /** The capability of a connection whose settings say something about it, for example what a probe of the account has shown. */
  capabilityOf?(settings: unknown): Capability;
  /** Reads the body of a notification without trusting it. */
  readNotification(body: unknown): NoticeReading;
  /** The notice that was stored under this topic and resource; null for one that no longer means anything. */
  noticeOf(topic: string, resource: string): Notice | null;
  /** The notice that would announce this order, for orders found without one. */
  noticeOfOrder(orderId: string): Notice;
  /** The queue that the channel puts this connection's notifications into; null where its settings name none. */
  queueOf?(access: Pick<ConnectionAccess, "settings" | "credentials">): Outcome<QueueAddress | null>;
  /** How a seller grants access in a browser, where the channel has it (OAuth 2). */
  readonly authorization?: Authorization;
  /** Opens a connection; a wrong setting is an error of kind `auth` that names it. Calls nothing. */
  connect(access: ConnectionAccess): Outcome<Connector>;
}

/** What one connection gives its connector. */
export interface ConnectionAccess {
  /** The connection's code: the channel that its orders name. */
  readonly connection: string;
  /** The connection's settings as stored: `baseUrl`, `tokenUrl`, `accountId` …; unchecked. */
  readonly settings: unknown;
  /** Decrypted credentials as stored, without the refresh token in force; unchecked. */
  readonly credentials: unknown;
  readonly tokens: TokenVault;
  readonly clock: { now(): number };
  /** The channel says how many of these calls it allows. */
  noteLimit?(budget: CallBudget, perMinute: number): void;
}

/** A seller's account at a channel: the port that every connector implements. */
export interface Connector {
  /** The channel's own id of this account: the one its notifications name. */
  readAccountId(): Promise<Outcome<string>>;
  /** The whole state of the order that a notice is about, read now: its `orderId`, whatever that notice took for one. */
  fetchOrder(orderId: string): Promise<Outcome<OrderReading>>;
  /** Orders that changed, page by page, for what notifications missed. */
  listChangedOrders(query: ChangedOrdersQuery): Promise<Outcome<ChangedOrdersPage>>;
  /** What the channel could not deliver and keeps, page by page; only where `missedNoticesIntervalMs` is not null. */
  listMissedNotices?(page?: string): Promise<Outcome<MissedNoticesPage>>;
  /** What listings show now; one outcome per id asked for, in the order asked. At most `readBatchSize` ids. */
  readListings(externalIds: readonly string[]): Promise<readonly Outcome<ListingReading>[]>;
  /** Asks the channel to show exactly this quantity. Success is a receipt, never a proof: read back. */
  pushQuantity(push: QuantityPush): Promise<Outcome<PushReceipt>>;
  /**
   * Has the channel send its notifications into the queue that the settings name: finds, makes and mends what that takes, and
   * changes nothing where all is well. Any number of processes may do so at once. Absent where no queue is named.
   */
  keepSubscription?(): Promise<Outcome<SubscriptionState>>;
}

export interface OrderReading {
  readonly report: OrderReport;
  /** Differs whenever the channel's list of changed orders would tell another state; equal to the one in that list. */
  readonly fingerprint: string;
  /** Something was not there yet or is about to change without notice: read again after this many milliseconds. */
  readonly readAgainAfterMs: number | null;
  /**
   * Other orders read at the same time: those that take over this one's units, those in the same parcel. They go into the
   * ledger before this one and together with it, so that no unit looks free in between.
   */
  readonly alongside?: readonly OrderReading[];
  /**
   * By the listing that a line names: the name of the stock behind it, where several listings share one. A line whose listing
   * nobody mapped is a sale of that one, if that is mapped.
   */
  readonly stockNames?: Readonly<Record<string, string>>;
}

export interface ChangedOrdersQuery {
  readonly from: Instant;
  /** Absent: until now. */
  readonly to?: Instant;
  /** The page asked for; the one after is named by the answer. */
  readonly page?: string;
}

export interface ChangedOrdersPage {
  readonly orders: readonly {
    readonly orderId: string;
    readonly updatedAt: Instant;
    /** Tells a state that was read from one that was not: times are too coarse for that on some channels. */
    readonly fingerprint: string;
    /** The whole state, where the list tells it as a reading would: the order is then not read again. */
    readonly reading?: OrderReading;
  }[];
  readonly nextPage: string | null;
  /** The channel has more and refuses to list it: ask again for a shorter time. */
  readonly isTruncated: boolean;
  /** Up to when, by its own word, the channel listed everything; absent where it does not say. */
  readonly listedThrough?: Instant;
  /** How far that lay behind the channel's own present at the most, in milliseconds: its clock need not be ours. */
  readonly listLagMs?: number;
}

export interface MissedNoticesPage {
  /** Bodies as the channel would have posted them, to be read by `readNotification`. */
  readonly bodies: readonly unknown[];
  readonly nextPage: string | null;
}

export interface ListingReading {
  readonly externalId: string;
  /** The channel's own number. */
  readonly quantity: Units;
  /** The channel's own status, for people. */
  readonly status: string;
  /** Whether buyers can take something if the number is above 0. */
  readonly isBuyable: boolean;
  /** Why the quantity cannot be written by us, or null. */
  readonly notWritable: string | null;
  /** What a write has to name to be refused if anything changed since; absent where the channel has no such thing. */
  readonly version?: string;
}

export interface QuantityPush {
  readonly externalId: string;
  readonly quantity: Units;
  /** The reading's `version` that the quantity was computed from: a `conflict` if the channel has moved on. */
  readonly ifVersion?: string;
}

export interface PushReceipt {
  /** What the channel's answer says it will show, where it says so. */
  readonly quantity: Units | null;
}
