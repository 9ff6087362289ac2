// What the screens read from the HTTP API: types only, taken from the schemas the server answers by.
import type { explanation } from "@onepool/server/api/routes/explain-sku/schema.ts";
import type { availability } from "@onepool/server/api/routes/get-availability/schema.ts";
import type { connectionAnswer } from "@onepool/server/api/routes/get-connection/schema.ts";
import type { locationAnswer } from "@onepool/server/api/routes/get-location/schema.ts";
import type { orderAnswer } from "@onepool/server/api/routes/get-order/schema.ts";
import type { alertAnswer } from "@onepool/server/api/routes/list-alerts/schema.ts";
import type { factList } from "@onepool/server/api/routes/list-keeper-facts/schema.ts";
import type { keeperLevel } from "@onepool/server/api/routes/list-keeper-levels/schema.ts";
import type { keeperOrderAnswer } from "@onepool/server/api/routes/list-keeper-orders/schema.ts";
import type { keeperStanding } from "@onepool/server/api/routes/list-keepers/schema.ts";
import type { latencyList } from "@onepool/server/api/routes/list-latencies/schema.ts";
import type { preview } from "@onepool/server/api/routes/preview-connection/schema.ts";
import type { warnings } from "@onepool/server/api/routes/put-connection/schema.ts";
import type { listingExplained, listingShownAnswer } from "@onepool/server/api/schema/answers.ts";
import type { z } from "zod";

/** Why a SKU's numbers are what they are: its entries newest first, and each listing's reckoning. */
export type Explanation = z.output<typeof explanation>;

/** One link of the chain that made a number. */
export type ChainEntry = Explanation["entries"][number];

/** One movement of an entry, as far as it touches the SKU that is explained. */
export type ChainLeg = ChainEntry["legs"][number];

/** The numbers of one SKU, as lists, explanations and the live stream all give them. */
export type SkuNumbers = Pick<
  Explanation,
  "onHand" | "available" | "reserved" | "committed" | "qualityControl" | "damaged" | "incoming" | "returning"
>;

/** What one listing should show and is known to show. */
export type ListingView = z.output<typeof listingShownAnswer>;

/** Why one listing shows what it shows. */
export type ListingReason = z.output<typeof listingExplained>;

/** One SKU of the list, as far as a screen shows it. */
export interface SkuRow extends SkuNumbers {
  readonly sku: string;
  readonly title?: string | null;
  readonly listings: readonly ListingView[];
}

export interface SkuPage {
  readonly skus: readonly SkuRow[];
  readonly nextCursor: string | null;
  /** The entry of the ledger the page was read at. */
  readonly seq: number;
}

export type AlertView = z.output<typeof alertAnswer>;

export interface AlertPage {
  readonly alerts: readonly AlertView[];
  readonly nextCursor: string | null;
}

export type ConnectionView = z.output<typeof connectionAnswer>;

export interface ConnectionPage {
  readonly connections: readonly ConnectionView[];
  readonly nextCursor: string | null;
}

/** How long each hop between a sale and its effect took, per connection. */
export type LatencyList = z.output<typeof latencyList>;

/** What going live would change: a page of listings, with totals on the first. */
export type Preview = z.output<typeof preview>;

/** What a seller is told when a connection goes live. */
export type Warnings = NonNullable<z.output<typeof warnings>>;

/** How one keeper stands against the ledger. */
export type KeeperStanding = z.output<typeof keeperStanding>;

export interface KeeperList {
  readonly keepers: readonly KeeperStanding[];
}

/** What a keeper said lies at one place of one SKU, held against the ledger. */
export type KeeperLevel = z.output<typeof keeperLevel>;

export interface KeeperLevelPage {
  readonly levels: readonly KeeperLevel[];
  readonly nextCursor: string | null;
}

export type KeeperFactPage = z.output<typeof factList>;
export type KeeperFact = KeeperFactPage["facts"][number];

export type KeeperOrder = z.output<typeof keeperOrderAnswer>;

export interface KeeperOrderPage {
  readonly keeperOrders: readonly KeeperOrder[];
  readonly nextCursor: string | null;
}

/** What lies where of one SKU, and what is on its way. */
export type Availability = z.output<typeof availability>;

export type LocationView = z.output<typeof locationAnswer>;

export interface LocationPage {
  readonly locations: readonly LocationView[];
  readonly nextCursor: string | null;
}

export type OrderView = z.output<typeof orderAnswer>;

export interface OrderPage {
  readonly orders: readonly OrderView[];
  readonly nextCursor: string | null;
}
