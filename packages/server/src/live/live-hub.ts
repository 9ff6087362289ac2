import type pg from "pg";

import type { Log } from "../log/log.ts";
import { readHeadsOf } from "./live-store.ts";
import { SellerFeed } from "./seller-feed.ts";
import { Turns } from "./turns.ts";

export interface LiveHubOptions {
  readonly pool: pg.Pool;
  readonly log: Log;
  /** How often the logs are asked for what no notice told of; notices may get lost, this does not. */
  readonly pollMs?: number;
  readonly minGapMs?: number;
}

/** A listener's hold on a seller's feed; given back when it leaves. */
export interface Listening {
  readonly feed: SellerFeed;
  leave(): void;
}

const POLL_MS = 1000;
const MIN_GAP_MS = 50;
/** Readings of what is long past, of all sellers together. */
const PAST_READS_AT_ONCE = 2;

/**
 * Follows the logs of every seller somebody listens to, and of no other. It is told of commits in this process
 * (`wake`), of those in others (notification-listener.ts), and asks for the rest every second.
 */
export class LiveHub {
  private readonly options: LiveHubOptions;
  private readonly feeds = new Map<number, { readonly feed: SellerFeed; listeners: number }>();
  private readonly pastReads = new Turns(PAST_READS_AT_ONCE);
  private readonly timer: NodeJS.Timeout;
  private polling: Promise<void> | null = null;
  private closing: Promise<void> | null = null;

  constructor(options: LiveHubOptions) {
    this.options = options;
    this.timer = setInterval(() => this.poll(), options.pollMs ?? POLL_MS);
    this.timer.unref();
  }

  /** Null once the hub is closing. */
  listen(sellerId: number): Listening | null {
    if (this.closing !== null) return null;
    let entry = this.feeds.get(sellerId);
    if (entry === undefined) {
      const { pool, log, minGapMs = MIN_GAP_MS } = this.options;
      entry = {
        feed: new SellerFeed({ pool, log, sellerId, minGapMs, pastReads: this.pastReads }),
        listeners: 0,
      };
      this.feeds.set(sellerId, entry);
    }
    entry.listeners += 1;
    return { feed: entry.feed, leave: this.leaveOnce(sellerId, entry) };
  }

  /** How many listen to a seller. */
  listeners(sellerId: number): number {
    return this.feeds.get(sellerId)?.listeners ?? 0;
  }

  /** A seller's logs may have grown. */
  wake(sellerId: number): void {
    this.feeds.get(sellerId)?.feed.wake();
  }

  /** Anything may have happened unheard, for example while no connection listened. */
  wakeAll(): void {
    for (const { feed } of this.feeds.values()) feed.wake();
  }

  /** Ends every stream. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([...this.feeds.values()].map(({ feed }) => feed.close()));
    await this.polling;
  }

  private leaveOnce(sellerId: number, entry: { readonly feed: SellerFeed; listeners: number }): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      entry.listeners -= 1;
      if (entry.listeners > 0) return;
      this.feeds.delete(sellerId);
      void entry.feed.close();
    };
  }

  private poll(): void {
    if (this.feeds.size === 0 || this.closing !== null) return;
    this.polling ??= this.askHeads().finally(() => (this.polling = null));
  }

  private async askHeads(): Promise<void> {
    try {
      for (const heads of await readHeadsOf(this.options.pool, [...this.feeds.keys()])) {
        const feed = this.feeds.get(heads.sellerId)?.feed;
        if (feed?.isBehind(heads) === true) feed.wake();
      }
    } catch (error) {
      this.options.log.warn({ stage: "live", err: error }, "the logs could not be polled");
    }
  }
}
