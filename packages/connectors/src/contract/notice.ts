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

/** A notification's body as a connector reads it; nothing in it is proof of anything. */
export type NoticeReading =
  | {
      readonly kind: "notice";
      readonly accountId: string;
      readonly notice: Notice;
      /** When the channel says that it happened, for timing only. */
      readonly happenedAt: number | null;
    }
  /** Well formed, and nothing to do: a topic that is not followed, or a resource of an unknown shape. */
  | { readonly kind: "ignored"; readonly accountId: string; readonly reason: string }
  | { readonly kind: "malformed"; readonly reason: string };
