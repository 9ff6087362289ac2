import pg from "pg";

import type { Log } from "../log/log.ts";

export interface NotificationListenerOptions {
  readonly url: string;
  readonly channels: readonly string[];
  readonly log: Log;
  /** A notification's channel and text. */
  onNotice(channel: string, text: string): void;
  /** Listening (again): what was told before was not heard. */
  onListening(): void;
}

export interface NotificationListener {
  close(): Promise<void>;
}

const RECONNECT_MS = 1000;

/**
 * Hears what other processes tell through PostgreSQL. Needs a connection of its own, which is made again when it breaks.
 * Notifications only wake: whoever relies on them polls as well.
 */
export function listenToNotifications(options: NotificationListenerOptions): NotificationListener {
  let closed = false;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let connecting: Promise<void> = Promise.resolve();

  function again(): void {
    client = null;
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      connecting = connect();
    }, RECONNECT_MS);
    timer.unref();
  }

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: options.url,
      application_name: "onepool listen",
      keepAlive: true,
    });
    next.on("notification", ({ channel, payload }) => options.onNotice(channel, payload ?? ""));
    // Unheard, it would end the process; `end` follows and connects again.
    next.on("error", (error) =>
      options.log.warn({ stage: "live", err: error }, "the listening connection broke"),
    );
    try {
      await next.connect();
      for (const channel of options.channels) await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      options.log.warn({ stage: "live", err: error }, "notifications cannot be heard for now");
      await next.end().catch(() => undefined);
      again();
      return;
    }
    client = next;
    next.once("end", again);
    options.onListening();
  }

  connecting = connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await connecting;
      const open = client;
      client = null;
      await open?.end();
    },
  };
}
