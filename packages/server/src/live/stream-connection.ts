import { once } from "node:events";
import type { ServerResponse } from "node:http";

/** Why a stream ended. */
export type StreamEnd = "left" | "too_slow" | "revoked" | "stopping" | "failed";

/**
 * One client's end of the stream. At most one piece is under way: the next is written when the client has taken the one
 * before, so nothing piles up for a slow one. One that takes nothing for `stallMs` is dropped; it may come back with the
 * last id it saw.
 */
export class StreamConnection {
  private readonly response: ServerResponse;
  private readonly stallMs: number;
  private readonly left = new AbortController();
  private lastWriteAt = 0;
  private blocked = false;
  /** Set once; the first reason counts. */
  end: StreamEnd | null = null;

  constructor(response: ServerResponse, stallMs: number) {
    this.response = response;
    this.stallMs = stallMs;
    response.on("close", () => this.finish("left"));
    // A connection that is reset tells here, and again by `close`.
    response.on("error", () => this.finish("left"));
  }

  /** Aborted when the stream has ended, for whatever reason. */
  get signal(): AbortSignal {
    return this.left.signal;
  }

  /** Answers when the client has room for more; false when the stream has ended. */
  async write(bytes: Buffer | string): Promise<boolean> {
    if (this.end !== null) return false;
    this.lastWriteAt = performance.now();
    if (this.response.write(bytes)) return true;
    this.blocked = true;
    const stalled = setTimeout(() => this.drop(), this.stallMs);
    try {
      await once(this.response, "drain", { signal: this.signal });
    } catch {
      return false;
    } finally {
      clearTimeout(stalled);
      this.blocked = false;
    }
    return this.isOpen();
  }

  /** A comment keeps proxies from thinking the connection dead. Not for a client that is behind anyway. */
  beat(idleMs: number): void {
    if (this.end !== null || this.blocked || performance.now() - this.lastWriteAt < idleMs) return;
    this.lastWriteAt = performance.now();
    this.response.write(": still here\n\n");
  }

  /** Ends the stream in order, with a last word. */
  close(reason: StreamEnd, lastWord: string): void {
    if (!this.finish(reason)) return;
    this.response.end(lastWord);
    // A client that does not even take the end is not waited for.
    const timer = setTimeout(() => this.response.destroy(), this.stallMs);
    timer.unref();
    this.response.once("close", () => clearTimeout(timer));
  }

  /** A method, since another task may end the stream during any await. */
  private isOpen(): boolean {
    return this.end === null;
  }

  private drop(): void {
    if (this.finish("too_slow")) this.response.destroy();
  }

  private finish(reason: StreamEnd): boolean {
    if (this.end !== null) return false;
    this.end = reason;
    this.left.abort();
    return true;
  }
}
