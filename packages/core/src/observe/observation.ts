import type { Instant, Units } from "../ledger/units.ts";
import type { DriftFix, DriftVerdict } from "../publish/judge-reading.ts";
import type { HoldReason } from "../publish/listing-view.ts";

/**
 * Something seen or done at a channel. Observations have a gapless log of their own per seller: they say how the outside
 * looked, never what is in the pool.
 */
export type Observation = {
  readonly connection: string;
  /** The listing, or null for what concerns the connection or an order. */
  readonly externalId: string | null;
} & (
  | { readonly kind: "received"; readonly body: ReceivedBody }
  | {
      readonly kind: "read";
      readonly body: { readonly quantity: Units; readonly was: Units | null; readonly status: string };
    }
  | { readonly kind: "pushed"; readonly body: PushedBody }
  | { readonly kind: "confirmed"; readonly body: { readonly quantity: Units; readonly status: string } }
  | {
      readonly kind: "would_push";
      readonly body: { readonly quantity: Units; readonly observed: Units | null };
    }
  | { readonly kind: "drift"; readonly body: DriftBody }
  | {
      readonly kind: "held";
      readonly body: { readonly observed: Units; readonly seq: number; readonly why: HoldReason };
    }
  | { readonly kind: "refused" | "failed"; readonly body: FailureBody }
  | { readonly kind: "disconnected"; readonly body: { readonly message: string } }
  /** What the channel sells is not seen as it should be; `sighted` when it is again. */
  | { readonly kind: "blind" | "sighted"; readonly body: SightBody }
  /** The channel was found to send its notifications to us; `unsubscribed` when that cannot be had. */
  | { readonly kind: "subscribed"; readonly body: SubscribedBody }
  | { readonly kind: "unsubscribed"; readonly body: { readonly reason: string; readonly message: string } }
  /** A keeper is not heard as it should be; `keeper_heard` when it is again. */
  | { readonly kind: "keeper_silent" | "keeper_heard"; readonly body: { readonly message: string } }
  /** What a keeper left for us and nobody could read: a file and what is wrong with it. */
  | { readonly kind: "file_refused"; readonly body: { readonly name: string; readonly reason: string } }
);

interface SightBody {
  readonly reason: string;
  readonly message: string;
  readonly since: Instant;
}

interface SubscribedBody {
  readonly topic: string;
  readonly queue: string;
  readonly message: string;
  /** What had to be mended; null when all stood as it should. */
  readonly mended: string | null;
  /** The ledger's entry that the connection's settings were of. */
  readonly seq: number;
}

/** News of an order that came through, and how. */
interface ReceivedBody {
  readonly orderId: string;
  readonly topic: string;
  /** The entry it made, or the one that had said it before. */
  readonly seq: number;
  /** How often the news came before it was read. */
  readonly arrivals: number;
  readonly happenedAt: Instant | null;
  readonly receivedAt: Instant;
}

interface PushedBody {
  readonly quantity: Units;
  readonly was: Units | null;
  /** The ledger's sequence it was computed from. */
  readonly seq: number;
}

interface DriftBody {
  readonly verdict: DriftVerdict;
  readonly expected: Units | null;
  readonly observed: Units;
  readonly desired: Units;
  /** What is done about it. */
  readonly fix: DriftFix;
}

interface FailureBody {
  readonly doing: "push" | "read";
  readonly reason: string;
  readonly message: string;
  readonly quantity: Units | null;
}
