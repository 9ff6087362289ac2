// Follows the live stream for as long as the page is open. Over `fetch` and not `EventSource`, because that one hides
// the status (a session that ended), the heartbeats (a connection that only looks alive) and cannot resume by id after
// a refusal.
import { createParser } from "eventsource-parser";

import { parseStreamEvent, type StreamEvent } from "./stream-event.ts";

/** `live`: events arrive. `reconnecting`: it broke a moment ago. `offline`: several tries in a row failed. */
export type StreamState = "connecting" | "live" | "reconnecting" | "offline" | "signedOut";

export interface StreamListener {
  readonly onEvent: (event: StreamEvent) => void;
  readonly onState: (state: StreamState) => void;
  /** The stream is open but does not continue where the last one ended: what was read before may be old. */
  readonly onGap: () => void;
}

export interface StreamOptions {
  readonly url: string;
  /** Silence, heartbeats included, after which a connection counts as dead. The server's heartbeat is shorter. */
  readonly silenceMs: number;
  /** The first wait before trying again; it doubles up to `longestWaitMs`. */
  readonly shortestWaitMs: number;
  readonly longestWaitMs: number;
}

export interface StreamFollower {
  /** Tries at once instead of waiting for its turn. */
  readonly retryNow: () => void;
  /** Lets the connection go, and takes it up again where it stopped. Browsers allow six per server, over all tabs. */
  readonly pause: () => void;
  readonly resume: () => void;
  readonly stop: () => void;
}

/** Failures in a row from which on the screen says "offline". */
const OFFLINE_AFTER = 3;

export function followStream(options: StreamOptions, listener: StreamListener): StreamFollower {
  let lastId: string | null = null;
  let opened = false;
  let failures = 0;
  let mode: "running" | "paused" | "stopped" = "running";
  let connection: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function connect(): Promise<void> {
    if (mode !== "running" || connection !== null) return;
    const mine = new AbortController();
    connection = mine;
    const ended = await readOnce(options, mine, lastId, {
      onOpen: () => {
        failures = 0;
        listener.onState("live");
        // The first connection needs no gap filled: reading begins after it opened.
        if (opened && lastId === null) listener.onGap();
        opened = true;
      },
      onMessage: (id, event) => {
        if (id !== undefined) lastId = id;
        if (event?.type === "reset") listener.onGap();
        else if (event !== null) listener.onEvent(event);
      },
    });
    // Let go by a pause or a stop, and perhaps followed by another already: its end is no news.
    if (connection !== mine) return;
    connection = null;
    afterEnd(ended);
  }

  function afterEnd(ended: "refused" | "signedOut" | "broken"): void {
    if (ended === "signedOut") return listener.onState("signedOut");
    // An id the server cannot continue from would be refused again and again.
    if (ended === "refused") lastId = null;
    failures += 1;
    listener.onState(failures >= OFFLINE_AFTER ? "offline" : "reconnecting");
    const waitMs = Math.min(options.longestWaitMs, options.shortestWaitMs * 2 ** (failures - 1));
    // Half of it at random, so that a hundred screens do not return in the same instant after a restart.
    schedule(waitMs / 2 + (Math.random() * waitMs) / 2);
  }

  function schedule(waitMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void connect(), waitMs);
  }

  function leave(next: "paused" | "stopped"): void {
    mode = next;
    clearTimeout(timer);
    connection?.abort();
    connection = null;
  }

  listener.onState("connecting");
  void connect();
  return {
    retryNow: () => schedule(0),
    pause: () => {
      if (mode === "running") leave("paused");
    },
    resume: () => {
      if (mode !== "paused") return;
      mode = "running";
      schedule(0);
    },
    stop: () => leave("stopped"),
  };
}

interface ReadHandlers {
  readonly onOpen: () => void;
  readonly onMessage: (id: string | undefined, event: StreamEvent | null) => void;
}

/** Reads one connection to its end and says how it ended. Never throws. */
async function readOnce(
  options: StreamOptions,
  connection: AbortController,
  lastId: string | null,
  handlers: ReadHandlers,
): Promise<"refused" | "signedOut" | "broken"> {
  let silence: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => connection.abort(), options.silenceMs);
  };
  try {
    heard();
    const response = await fetch(options.url, {
      headers: { accept: "text/event-stream", ...(lastId === null ? {} : { "last-event-id": lastId }) },
      credentials: "same-origin",
      cache: "no-store",
      signal: connection.signal,
    });
    if (response.status === 401) return "signedOut";
    // Too many or not now is no word against the id; what it does not understand is.
    if (response.status === 400 || response.status === 422) return "refused";
    if (!response.ok || response.body === null) return "broken";
    handlers.onOpen();
    const parser = createParser({
      onEvent: ({ id, event, data }) => handlers.onMessage(id, parseStreamEvent(event, data)),
    });
    const text = new TextDecoder();
    const reader = response.body.getReader();
    // Not `for await`: streams cannot be iterated in every browser.
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      heard();
      parser.feed(text.decode(read.value, { stream: true }));
    }
    return "broken";
  } catch {
    // Refused, reset, silent for too long, or let go by us: all end the connection, and the caller knows which.
    return "broken";
  } finally {
    clearTimeout(silence);
  }
}
