// What the screens read from the HTTP API: the answers of DESIGN §10 as far as a screen uses them. Fields that the
// server may leave out are optional here, and a screen shows what it has.

/** The numbers of one SKU, as lists, availability and the live stream all give them. */
export interface SkuNumbers {
  readonly onHand: number;
  readonly available: number;
  readonly reserved: number;
  readonly committed: number;
  readonly qualityControl: number;
  readonly damaged: number;
  readonly incoming: number;
  readonly returning: number;
}

/** What one listing should show and is known to show. */
export interface ListingView {
  readonly connection: string;
  readonly externalId: string;
  /** Null while nothing can be said: an unmapped component, a connection that is not read yet. */
  readonly desired: number | null;
  /** Null while the channel was never read. */
  readonly observed: number | null;
  readonly exposure?: number | null;
  /** The server's word; `listingMark` says what a screen makes of it. */
  readonly state: string;
  /** When the channel last confirmed what it shows. */
  readonly confirmedAt: string | null;
  /** The quantity on its way, and since when. */
  readonly pushed?: number | null;
  readonly pushedAt?: string | null;
  /** Why the last push did not arrive, in the channel's words. */
  readonly error?: string | null;
}

/** One SKU of the list. */
export interface SkuRow extends SkuNumbers {
  readonly sku: string;
  readonly title: string;
  readonly listings: readonly ListingView[];
}

export interface SkuPage {
  readonly skus: readonly SkuRow[];
  readonly nextCursor: string | null;
  /** The ledger's sequence the page was read at. */
  readonly seq?: number;
}

/** One movement of an entry, as far as it touches the SKU that is explained. */
export interface MovementView {
  readonly bucket: string;
  readonly location: string | null;
  readonly units: number;
  readonly counterpart: string;
  readonly lineId?: string | null;
  readonly reason?: string | null;
}

/** One link of the chain that made a number. */
export interface ChainEntry {
  readonly seq: number;
  readonly kind: string;
  readonly recordedAt: string;
  readonly occurredAt: string;
  readonly channel: string | null;
  readonly orderId: string | null;
  readonly externalId: string | null;
  readonly movements: readonly MovementView[];
  /** Available of the SKU before and after this entry. */
  readonly availableBefore: number;
  readonly availableAfter: number;
}

/** Why one listing shows what it shows. */
export interface ListingReason extends ListingView {
  readonly mode?: string;
  readonly components?: readonly { readonly sku: string; readonly units: number }[];
  readonly buffer?: number;
  readonly floor?: number;
  readonly cap?: number | null;
}

export interface Explanation extends SkuNumbers {
  readonly sku: string;
  readonly title: string;
  readonly seq: number;
  readonly asOf: string;
  /** Newest first. */
  readonly chain: readonly ChainEntry[];
  readonly nextCursor: string | null;
  readonly listings: readonly ListingReason[];
}

export interface AlertView {
  readonly id: string;
  readonly kind: string;
  readonly severity: "info" | "warning" | "critical";
  readonly sku: string | null;
  readonly order: {
    readonly channel: string;
    readonly orderId: string;
    readonly lineId?: string | null;
  } | null;
  readonly units: number | null;
  readonly message: string;
  readonly openedAt: string;
  readonly resolvedAt: string | null;
}

export interface AlertPage {
  readonly alerts: readonly AlertView[];
  readonly nextCursor?: string | null;
}

/** Milliseconds below which half, 95 % and 99 % of the measured hops stayed. */
export interface LatencyView {
  readonly p50: number;
  readonly p95: number;
  readonly p99?: number;
  readonly samples: number;
}

export interface ConnectionView {
  readonly code: string;
  readonly kind: string;
  readonly mode: string;
  /** `ok` or the server's word for what is wrong. */
  readonly health?: string;
  readonly latency?: { readonly saleToConfirmedMs?: LatencyView | null };
}

export interface ConnectionPage {
  readonly connections: readonly ConnectionView[];
  readonly nextCursor?: string | null;
}
