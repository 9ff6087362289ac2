import type pg from "pg";

import type { Log } from "../log/log.ts";
import { frameOf, type Frame } from "./frame.ts";
import { readHeads } from "./live-store.ts";
import { positionText, type Position } from "./position.ts";
import { GapInLog, readBatch } from "./read-batch.ts";

/** Frames kept for listeners that are a little behind; whoever is further behind reads the tables again. */
const FRAMES_MAX = 256;
const FRAMES_BYTES_MAX = 4 * 1024 * 1024;

export interface FeedOptions {
  readonly pool: pg.Pool;
  readonly log: Log;
  readonly sellerId: number;
  /** At least so long between two readings: a burst becomes a few frames a second, a lone event goes out at once. */
  readonly minGapMs: number;
  /** Passes on turns to read what is long past, so that many late listeners do not take all connections. */
  readonly pastReads: { run<T>(work: () => Promise<T>): Promise<T> };
}

/**
 * Follows both logs of one seller for all who listen to them, however many: each change is read once. It keeps no queue
 * per listener. A listener asks for what comes after the position it has reached and gets a frame from memory, or one
 * read from the tables when it is late, or waits.
 */
export class SellerFeed {
  private readonly options: FeedOptions;
  private readonly frames = new Map<string, Frame>();
  private framesBytes = 0;
  /** Where the newest frame ends; null until the tables were read for the first time. */
  private reached: Position | null = null;
  private starting: Promise<Position> | null = null;
  private following: Promise<void> | null = null;
  private dirty = false;
  /** Rises with everything that could give a waiting listener something to do. */
  private generation = 0;
  private closed = false;
  private readonly waiting = new Set<() => void>();
  private readonly pastFrames = new Map<string, Promise<Frame | null>>();
  private endGap: (() => void) | null = null;

  constructor(options: FeedOptions) {
    this.options = options;
  }

  /** Where the stream is now: a listener without a position begins here. */
  async start(): Promise<Position> {
    this.starting ??= readHeads(this.options.pool, this.options.sellerId);
    try {
      this.reached ??= await this.starting;
      return this.reached;
    } catch (error) {
      this.starting = null;
      throw error;
    }
  }

  /** Where the logs end in the tables, which may be further than was read. */
  heads(): Promise<Position> {
    return readHeads(this.options.pool, this.options.sellerId);
  }

  /** Something was committed, or may have been: reads on. */
  wake(): void {
    if (this.reached === null || this.closed) return;
    this.dirty = true;
    this.following ??= this.follow().finally(() => (this.following = null));
  }

  /** Whether the logs end behind what was read, as a poll found. */
  isBehind(heads: Position): boolean {
    return this.reached !== null && (heads.seq > this.reached.seq || heads.cursor > this.reached.cursor);
  }

  /** The frame that follows a position; null when `stop` was called or the feed was closed first. */
  async next(after: Position, stop: AbortSignal): Promise<Frame | null> {
    while (!stop.aborted && !this.closed) {
      const seen = this.generation;
      const frame = this.frames.get(positionText(after)) ?? (await this.readPast(after));
      if (frame !== null) return frame;
      await this.change(seen, stop);
    }
    return null;
  }

  /** Ends the following and lets every listener go. */
  async close(): Promise<void> {
    this.closed = true;
    this.endGap?.();
    this.announce();
    await this.following;
  }

  private isAt(position: Position): boolean {
    return this.reached?.seq === position.seq && this.reached.cursor === position.cursor;
  }

  /** A listener that is late reads the tables; one that is up to date does not. Late in the same place, they share. */
  private readPast(after: Position): Promise<Frame | null> {
    if (this.isAt(after)) return Promise.resolve(null);
    const key = positionText(after);
    const known = this.pastFrames.get(key);
    if (known !== undefined) return known;
    const { pool, sellerId, pastReads } = this.options;
    const reading = pastReads
      .run(() => readBatch(pool, sellerId, after))
      .then((batch) => (batch === null ? null : frameOf(batch)))
      .finally(() => this.pastFrames.delete(key));
    this.pastFrames.set(key, reading);
    return reading;
  }

  /** Waits until something was read that had not been when `generation` was `seen`. */
  private change(seen: number, stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (stop.aborted || this.closed || this.generation !== seen) return resolve();
      const done = (): void => {
        this.waiting.delete(done);
        stop.removeEventListener("abort", done);
        resolve();
      };
      this.waiting.add(done);
      stop.addEventListener("abort", done, { once: true });
    });
  }

  private announce(): void {
    this.generation += 1;
    for (const done of this.waiting) done();
  }

  private async follow(): Promise<void> {
    while (this.dirty && !this.closed) {
      this.dirty = false;
      await this.readOn();
      // Wakes that come meanwhile are served by the next reading.
      await this.gap();
    }
  }

  private async readOn(): Promise<void> {
    const { pool, log, sellerId } = this.options;
    if (this.reached === null) return;
    try {
      const batch = await readBatch(pool, sellerId, this.reached);
      if (batch === null) return;
      this.keep(frameOf(batch));
      this.dirty ||= batch.more;
    } catch (error) {
      // The next wake or poll tries again. Listeners lose nothing: they are where they were.
      log.warn({ stage: "live", seller: sellerId, err: error }, "the logs could not be followed");
      if (error instanceof GapInLog) await this.skipGap();
    }
  }

  private keep(frame: Frame): void {
    this.frames.set(positionText(frame.from), frame);
    this.framesBytes += frame.bytes.length;
    for (const [key, old] of this.frames) {
      if (this.frames.size <= FRAMES_MAX && this.framesBytes <= FRAMES_BYTES_MAX) break;
      this.frames.delete(key);
      this.framesBytes -= old.bytes.length;
    }
    this.reached = frame.to;
    this.announce();
  }

  /** Rows are gone that were not read yet: goes on from now; listeners find the gap themselves and start over. */
  private async skipGap(): Promise<void> {
    try {
      this.reached = await readHeads(this.options.pool, this.options.sellerId);
      this.announce();
    } catch {
      // As above: tried again at the next wake.
    }
  }

  private gap(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.endGap = null;
        resolve();
      };
      const timer = setTimeout(done, this.options.minGapMs);
      this.endGap = done;
    });
  }
}
