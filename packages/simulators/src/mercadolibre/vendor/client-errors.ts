import type { App } from "../seller.ts";
import type { Settings } from "../settings.ts";

const HOUR_MS = 3_600_000;

/** Blocks apps that keep making calls which are refused. */
export interface ClientErrors {
  note(app: App, status: number): void;
}

/** Documented: "an excessive number" of unforeseen 4xx. Which of them count, and the hour, are ASSUMED. */
export function createClientErrors(now: () => number, settings: () => Settings): ClientErrors {
  const counts = new Map<App, { hour: number; count: number }>();

  return {
    note(app, status) {
      const most = settings().limits.clientErrorsPerHour;
      const counted = status >= 400 && status < 500 && status !== 401 && status !== 429;
      if (most === null || !counted) return;
      const hour = Math.floor(now() / HOUR_MS);
      const known = counts.get(app);
      const count = (known?.hour === hour ? known.count : 0) + 1;
      counts.set(app, { hour, count });
      if (count > most) app.blocked = true;
    },
  };
}
