/** Reads rows anew that an event made stale: one call at a time, what is on the screen first. */
export interface RowRefresher {
  readonly add: (skus: Iterable<string>) => void;
  /** Which rows the person sees now; they jump the queue. */
  readonly see: (skus: readonly string[]) => void;
  readonly stop: () => void;
}

export interface RefresherOptions {
  /** Reads these SKUs. */
  readonly read: (skus: readonly string[], signal: AbortSignal) => Promise<void>;
  /** Whether what a call was refused for may pass; what may not is dropped, or it would be asked for for ever. */
  readonly mayPass: (error: unknown) => boolean;
  readonly batchSize: number;
  /** Waited before each call, so that a burst of events becomes one. In milliseconds. */
  readonly gatherMs: number;
  /** Waited instead after a call that failed. In milliseconds. */
  readonly afterFailureMs: number;
}

export function createRowRefresher(options: RefresherOptions): RowRefresher {
  const stale = new Set<string>();
  const stopped = new AbortController();
  let seen: ReadonlySet<string> = new Set();
  let busy = false;

  function wake(waitMs: number): void {
    if (busy || stale.size === 0 || stopped.signal.aborted) return;
    busy = true;
    setTimeout(() => void readNext(), waitMs);
  }

  async function readNext(): Promise<void> {
    const batch = nextBatch(stale, seen, options.batchSize);
    for (const sku of batch) stale.delete(sku);
    let waitMs = options.gatherMs;
    try {
      if (!stopped.signal.aborted) await options.read(batch, stopped.signal);
    } catch (error) {
      // The server was away: the rows are as stale as before. The stream's own state tells the person.
      if (options.mayPass(error)) for (const sku of batch) stale.add(sku);
      waitMs = options.afterFailureMs;
    }
    busy = false;
    wake(waitMs);
  }

  return {
    add: (skus) => {
      for (const sku of skus) stale.add(sku);
      wake(options.gatherMs);
    },
    see: (skus) => {
      seen = new Set(skus);
    },
    stop: () => stopped.abort(),
  };
}

/** The next SKUs to read: those on the screen, then the longest waiting. */
function nextBatch(stale: ReadonlySet<string>, seen: ReadonlySet<string>, size: number): readonly string[] {
  const onScreen = [...seen].filter((sku) => stale.has(sku));
  const others = [...stale].filter((sku) => !seen.has(sku));
  return [...onScreen, ...others].slice(0, size);
}
