// An order as it lies in `sales_order.state`. What has its usual value is left out: the row is rewritten with every state,
// and a row of one line takes 170 bytes this way instead of 700. encode-order.ts writes it.
import { EMPTY_CLAIM } from "@onepool/core/ledger/claim.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type {
  Claim,
  ClaimLine,
  CountPeak,
  History,
  LeftUnits,
  LineFacts,
  OrderRecord,
  OrderStatus,
  Source,
  SourceFacts,
  StateKey,
} from "@onepool/core/ledger/order-record.ts";
import type { Component } from "@onepool/core/ledger/records.ts";

/** A state's key. */
type StoredKey = readonly [updatedAt: number, rank: number];

type StoredLeft = readonly (readonly [sku: string, location: string, units: number])[];

type StoredFacts = Partial<Omit<LineFacts, "rank" | "quantity" | "left">> &
  Pick<LineFacts, "rank" | "quantity"> & { readonly left?: StoredLeft };

interface StoredSource {
  readonly key?: StoredKey;
  readonly facts?: StoredFacts;
  readonly peaks?: readonly (readonly [StoredKey, shipped: number, returning: number, left?: StoredLeft])[];
  readonly corrected?: StoredKey;
  readonly untimed?: StoredFacts;
  readonly history?: History;
}

interface StoredLine {
  readonly id: string;
  readonly sku?: string;
  readonly listing?: string;
  readonly by: Source;
  /** 1: one unit of the line's own SKU. Absent: not mapped. */
  readonly recipe?: 1 | readonly (readonly [sku: string, units: number])[];
  readonly said: { readonly [S in Source]?: StoredSource };
  readonly received?: ClaimLine["received"];
  readonly lost?: ClaimLine["received"];
  readonly posted?: Partial<Claim>;
  readonly shipsFrom?: string;
}

interface StoredOrder {
  readonly status: OrderStatus;
  readonly placed?: number;
  readonly updated?: number;
  readonly hold?: string;
  readonly doNotShip?: true;
  readonly cancelRequested?: true;
  readonly lines: readonly StoredLine[];
  readonly seen: OrderRecord["seen"];
}

/** The order of a row: its key and its stored state. */
export function decodeOrder(channel: string, orderId: string, state: JsonObject): OrderRecord {
  const stored = state as unknown as StoredOrder;
  const { seen } = stored;
  return {
    channel,
    orderId,
    status: stored.status,
    placedAt: stored.placed ?? null,
    updatedAt: stored.updated ?? null,
    doNotShip: stored.doNotShip ?? false,
    cancelRequested: stored.cancelRequested ?? false,
    reservationId: stored.hold ?? null,
    lines: stored.lines.map((line) => loadLine(line)),
    seen,
  };
}

function loadLine(line: StoredLine): ClaimLine {
  const sources: { [S in Source]?: SourceFacts } = {};
  for (const source of ["channel", "keeper", "api"] as const) {
    const stored = line.said[source];
    if (stored !== undefined) sources[source] = loadSource(stored);
  }
  const loaded: ClaimLine = {
    lineId: line.id,
    sku: line.sku ?? null,
    listing: line.listing ?? null,
    namedBy: line.by,
    recipe: line.recipe === undefined ? null : loadRecipe(line.sku ?? "", line.recipe),
    sources,
    received: line.received ?? {},
    posted: { ...EMPTY_CLAIM, ...line.posted },
  };
  const { lost, shipsFrom } = line;
  if (lost === undefined && shipsFrom === undefined) return loaded;
  return {
    ...loaded,
    ...(lost === undefined ? {} : { lost }),
    ...(shipsFrom === undefined ? {} : { shipsFrom }),
  };
}

function loadRecipe(sku: string, recipe: NonNullable<StoredLine["recipe"]>): readonly Component[] {
  return recipe === 1 ? [{ sku, units: 1 }] : recipe.map(([component, units]) => ({ sku: component, units }));
}

function loadSource(stored: StoredSource): SourceFacts {
  const { key, facts, peaks, corrected, untimed, history } = stored;
  return {
    latest: key === undefined || facts === undefined ? null : { key: loadKey(key), facts: loadFacts(facts) },
    peaks: (peaks ?? []).map(([peakKey, shipped, returning, left]): CountPeak => ({
      key: loadKey(peakKey),
      shipped,
      returning,
      ...loadLeft(left),
    })),
    correctedAt: corrected === undefined ? null : loadKey(corrected),
    untimed: untimed === undefined ? null : loadFacts(untimed),
    history: history ?? { shipped: 0, cancelled: 0 },
  };
}

function loadKey([updatedAt, rank]: StoredKey): StateKey {
  return { updatedAt, rank };
}

function loadLeft(left: StoredLeft | undefined): { left?: readonly LeftUnits[] } {
  return left === undefined ? {} : { left: left.map(([sku, location, units]) => ({ sku, location, units })) };
}

function loadFacts(facts: StoredFacts): LineFacts {
  return {
    rank: facts.rank,
    quantity: facts.quantity,
    cancelled: facts.cancelled ?? 0,
    shipped: facts.shipped ?? 0,
    returning: facts.returning ?? 0,
    fulfilledBy: facts.fulfilledBy ?? "seller",
    location: facts.location ?? null,
    ...loadLeft(facts.left),
  };
}
