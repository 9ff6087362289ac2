import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { Connector, ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import type { Units } from "@onepool/core/ledger/units.ts";
import type { ExposureView } from "@onepool/core/publish/exposure.ts";
import type { ListingView } from "@onepool/core/publish/listing-view.ts";
import type pg from "pg";

import type { OpenConnection } from "../connections/connection-registry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { LatencyRecorder } from "../observe/latency-recorder.ts";
import type { ObservationLog } from "../observe/observation-log.ts";
import type { DueListing } from "./due-store.ts";
import type { PublishMetrics } from "./publish-metrics.ts";

/** A listing with what it should show and what is known of it. */
export interface PlannedListing {
  readonly due: DueListing;
  readonly view: ListingView;
  readonly exposure: ExposureView;
}

/** When a push's change was committed and when the channel answered it, for timing its confirmation. */
export interface PushTimes {
  readonly dirtySince: number | null;
  readonly answeredAt: number;
  readonly quantity: Units;
}

/** What calls of one lane share. */
export interface LaneContext {
  readonly pool: pg.Pool;
  readonly ledger: Pick<Ledger, "submit">;
  readonly clock: { now(): number };
  readonly observations: ObservationLog;
  readonly latency: LatencyRecorder;
  readonly metrics: PublishMetrics;
  readonly sellerId: number;
  readonly connection: string;
  readonly open: OpenConnection;
  readonly connector: Connector;
  readonly kinds: ReadonlyMap<string, ConnectorKind>;
  /** By external id. Lost in a crash, which costs a sample. */
  readonly pushTimes: Map<string, PushTimes>;
  /** Another round after so many milliseconds. */
  wakeIn(ms: number): void;
  /** Something moved at a listing whose pools are dealt out in quotas. */
  onScarceMoved(): void;
  /** The orders of connections have to be complete before anything can be given. */
  onOrdersWanted(connections: readonly string[]): void;
  /** A call failed in a way that concerns the whole connection. */
  onFailure(error: ConnectorError, budget: "reads" | "writes"): void;
  /** A call went through. */
  onSuccess(budget: "reads" | "writes"): void;
}

/** Longer than a call and its commit may take, in milliseconds. */
export const LEASE_MS = 30_000;

/** Between failures of one listing, in milliseconds. */
export const LISTING_BACKOFF = { firstMs: 1_000, longestMs: 60_000 };
