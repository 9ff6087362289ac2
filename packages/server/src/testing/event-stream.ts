/** One server-sent event, as a browser would give it. */
export interface StreamedEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** A stream being read. Events are kept until they are asked for. */
export interface EventStream {
  readonly response: Response;
  /** The next event that matches, skipping others. Waits for it; throws when the stream ended without it. */
  next(wanted: (event: StreamedEvent) => boolean): Promise<StreamedEvent>;
  /** Every event heard so far, those asked for included. */
  readonly heard: readonly StreamedEvent[];
  /** Comments heard so far. */
  readonly comments: readonly string[];
  /** Settles when the server ended the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens a stream of server-sent events and reads it as the specification says. */
export async function openEventStream(url: string, headers: Record<string, string>): Promise<EventStream> {
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  const heard: StreamedEvent[] = [];
  const comments: string[] = [];
  let asked = 0;
  let isEnded = false;
  let wake = (): void => undefined;
  const read = async (): Promise<void> => {
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) take(block, heard, comments);
      wake();
    }
  };
  const ended = read()
    .catch(() => undefined)
    .then(() => {
      isEnded = true;
      wake();
    });
  return {
    response,
    heard,
    comments,
    ended,
    close: () => stop.abort(),
    async next(wanted) {
      for (;;) {
        while (asked < heard.length) {
          const event = heard[asked++];
          if (event !== undefined && wanted(event)) return event;
        }
        if (isEnded) throw new Error(`the stream ended; heard ${JSON.stringify(heard)}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

function take(block: string, heard: StreamedEvent[], comments: string[]): void {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const [, name = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === "") comments.push(value);
    else fields.set(name, value);
  }
  const data = fields.get("data");
  if (data === undefined) return;
  heard.push({
    id: fields.get("id") ?? null,
    event: fields.get("event") ?? "message",
    data: JSON.parse(data) as Record<string, unknown>,
  });
}
