/** What the channel's process is told to do. Everything in it survives JSON. */
export type WebhookJob =
  | {
      readonly kind: "wait until read";
      readonly listings: number;
    }
  | {
      readonly kind: "sell";
      readonly port: number;
      /** Path of the address for notifications. */
      readonly hookPath: string;
      readonly perSecond: number;
      readonly forMs: number;
      /** How long to wait for pushes after the last sale, in milliseconds. */
      readonly patienceMs: number;
      readonly skus: number;
      readonly seed: number;
    };

/** What a round of sales saw, from when each notification was due to be sent. */
export interface WebhookFigures {
  readonly sales: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  /** Sales that another listing was asked to show. */
  readonly issued: number;
  /** Of those that were issued. */
  readonly issuedP50Ms: number;
  readonly issuedP99Ms: number;
}

export type WebhookJobAnswer =
  | { readonly ok: true; readonly figures: WebhookFigures | null }
  | { readonly ok: false; readonly message: string };
