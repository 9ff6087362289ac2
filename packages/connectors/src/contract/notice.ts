import type { OrderReport } from "@onepool/core/ledger/order-record.ts";

/**
 * What a notification points at, once it is understood. A notification is only "look at this resource": its topic and
 * resource are rebuilt from what matched, never taken over as they came.
 */
export interface Notice {
  readonly topic: string;
  readonly resource: string;
  readonly about: NoticeSubject;
}

export type NoticeSubject =
  | { readonly kind: "order"; readonly orderId: string }
  /** A listing and everything sold under it: `externalId` itself and what begins with `externalId` and `:`. */
  | { readonly kind: "listing"; readonly externalId: string };

/** What a notification itself says of an order. */
export interface NoticedOrder {
  /** An untimed state, or one with the time that the notification carries. Without its channel: that is the connection. */
  readonly report: Omit<OrderReport, "channel">;
  /** Nothing more has to be read to record it; otherwise the order itself is read as well. */
  readonly isEnough: boolean;
}

/** A notification's body as a connector reads it; nothing in it is proof of anything. */
export type NoticeReading =
  | {
      readonly kind: "notice";
      readonly accountId: string;
      readonly notice: Notice;
      /** When the channel says that it happened, for timing only. */
      readonly happenedAt: number | null;
      /** Absent where the notification only points. */
      readonly says?: NoticedOrder;
    }
  /** Well formed, and nothing to do: a topic that is not followed, or a resource of an unknown shape. */
  | { readonly kind: "ignored"; readonly accountId: string; readonly reason: string }
  | { readonly kind: "malformed"; readonly reason: string };
