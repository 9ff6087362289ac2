// What `GET /v1/stream` says. Parsed once at the edge; what a newer server adds is passed over.
import type { SkuNumbers } from "../../../api/contract.ts";

export interface LedgerNews {
  readonly type: "ledger";
  readonly seq: number;
  readonly entries: readonly {
    readonly seq: number;
    readonly kind: string;
    readonly recordedAt: string;
    readonly channel: string | null;
    readonly orderId: string | null;
  }[];
  /** Every SKU the entries touched, as it stands after the last of them. */
  readonly skus: readonly (SkuNumbers & { readonly sku: string })[];
}

export interface ObservationNews {
  readonly type: "observation";
  readonly cursor: number;
  readonly observations: readonly {
    readonly connection: string;
    /** Null when the observation is of the whole connection. */
    readonly externalId: string | null;
    readonly kind: string;
  }[];
}

/** An alert opened or was resolved: the list says which. */
export interface AlertNews {
  readonly type: "alert";
}

/** The stream cannot go on from where this screen was: what was read before is to be read again. */
export interface ResetNews {
  readonly type: "reset";
}

export type StreamEvent = LedgerNews | ObservationNews | AlertNews | ResetNews;

/** The event of one message, or null for a kind or a body this screen does not know. */
export function parseStreamEvent(type: string | undefined, data: string): StreamEvent | null {
  if (type === "alert" || type === "reset") return { type };
  const body = parseObject(data);
  if (body === null) return null;
  if (type === "ledger" && Array.isArray(body["skus"]) && typeof body["seq"] === "number") {
    return { entries: [], ...body, type } as unknown as LedgerNews;
  }
  if (type === "observation" && Array.isArray(body["observations"])) {
    return { ...body, type } as unknown as ObservationNews;
  }
  return null;
}

function parseObject(data: string): Record<string, unknown> | null {
  try {
    const body: unknown = JSON.parse(data);
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : null;
  } catch {
    // A message that was cut off: the next connection asks for it again by its id.
    return null;
  }
}
