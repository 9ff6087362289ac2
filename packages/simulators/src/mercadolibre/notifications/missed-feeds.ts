import type { PostOutcome } from "../../http-poster.ts";
import { utcTime } from "../vendor/vendor-time.ts";
import { type Message, messageBody } from "./message.ts";

const KEPT_MS = 2 * 86_400_000;
const MOST_ROWS = 10_000;

interface MissedRow {
  message: Message;
  /** The body as it was sent last. */
  data: string;
  outcome: PostOutcome;
  missedAt: number;
}

/** Notifications that nobody answered with 200, for two days. */
export type MissedFeeds = ReturnType<typeof createMissedFeeds>;

export function createMissedFeeds(now: () => number) {
  const rows = new Map<string, MissedRow>();

  const dropOld = (): void => {
    for (const [id, { missedAt }] of rows) {
      if (rows.size <= MOST_ROWS && missedAt + KEPT_MS > now()) return;
      rows.delete(id);
    }
  };

  const rendered = ({ message, data, outcome }: MissedRow): Record<string, unknown> => ({
    _id: message.id,
    resource: message.resource,
    // A string here, a number in the push (captured).
    user_id: String(message.userId),
    topic: message.topic,
    application_id: message.app.id,
    attempts: message.attempts,
    sent: utcTime(message.sentAt),
    received: utcTime(message.receivedAt),
    actions: message.actions,
    source: "missed",
    request: { url: message.app.callbackUrl, headers: { "Content-Type": "application/json" }, data },
    response: {
      req_time: outcome.wallMs,
      http_code: outcome.status,
      body: outcome.body,
      headers: {},
    },
  });

  return {
    put(message: Message, outcome: PostOutcome): void {
      const first = rows.get(message.id)?.missedAt;
      rows.set(message.id, {
        message,
        data: JSON.stringify(messageBody(message)),
        outcome,
        missedAt: first ?? now(),
      });
      dropOld();
    },
    remove(id: string): void {
      rows.delete(id);
    },
    size: () => rows.size,
    page(
      filter: {
        appId: number;
        topic: string | undefined;
        siteOf: (account: string) => string;
        siteId: string | undefined;
        /** Rows of the page before that this one begins with. */
        repeated: number;
      },
      offset: number,
      limit: number,
    ) {
      dropOld();
      return [...rows.values()]
        .filter(({ message }) => message.app.id === filter.appId)
        .filter(({ message }) => filter.topic === undefined || message.topic === filter.topic)
        .filter(
          ({ message }) => filter.siteId === undefined || filter.siteOf(message.account) === filter.siteId,
        )
        .slice(Math.max(0, offset - filter.repeated), Math.max(0, offset - filter.repeated) + limit)
        .map(rendered);
    },
  };
}
