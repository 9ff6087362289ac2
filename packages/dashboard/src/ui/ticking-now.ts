import { useSyncExternalStore } from "react";

import { serverNow } from "../api/server-clock.ts";

/** One clock for all ages on the screen: they step together, and a hidden page steps none. */
const STEP_MS = 5_000;

let now = serverNow();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (document.visibilityState === "hidden") return;
    now = serverNow();
    for (const each of listeners) each();
  }, STEP_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** What `read` makes of the present; the component renders again only when that changes. */
export function useAtNow<Reading extends string | number>(read: (now: number) => Reading): Reading {
  return useSyncExternalStore(subscribe, () => read(now));
}
