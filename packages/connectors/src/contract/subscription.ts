/** What a channel was last found to send, and where to: the queue that the connection's settings name. */
export interface SubscriptionState {
  readonly topic: string;
  readonly subscriptionId: string;
  /** The queue as the channel knows it. */
  readonly queue: string;
  /** What was wrong before this call, for people; null when all stood as it should. */
  readonly mended: string | null;
}

/** How a channel is kept sending into a queue, as data. */
export interface SubscriptionCapability {
  /** How often to look after it when nothing calls for it sooner, in milliseconds. */
  readonly everyMs: number;
  /** Calls of one operation: looking after one connection takes at most as many of each as may be made at once. */
  readonly limit: { readonly perMinute: number; readonly burst: number };
  /** Who puts the messages into the queue, and what the queue's own policy must allow it. Without that nothing arrives, unsaid. */
  readonly sender: { readonly awsAccountId: string; readonly actions: readonly string[] };
}
