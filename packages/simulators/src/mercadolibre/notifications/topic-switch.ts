import type { PostOutcome } from "../../http-poster.ts";
import type { App } from "../seller.ts";
import type { Settings } from "../settings.ts";

/** Switches topics off whose callback answers too slowly ("por fall back"). */
export interface TopicSwitch {
  isDisabled(app: App, topic: string): boolean;
  /** Notes how a delivery was answered. */
  answered(app: App, topic: string, outcome: PostOutcome): void;
}

export function createTopicSwitch(settings: () => Settings["topicDisabling"]): TopicSwitch {
  /** Slow or failed answers in a row, per app and topic. */
  const runs = new Map<string, number>();

  return {
    isDisabled: (app, topic) => app.disabledTopics.includes(topic),
    answered(app, topic, { status, wallMs }) {
      const { slowAnswerWallMs, afterConsecutive } = settings();
      const key = `${app.name}|${topic}`;
      const isSlow = status !== 200 || wallMs > slowAnswerWallMs;
      const run = isSlow ? (runs.get(key) ?? 0) + 1 : 0;
      runs.set(key, run);
      if (afterConsecutive === null || run < afterConsecutive || app.disabledTopics.includes(topic)) return;
      app.disabledTopics = [...app.disabledTopics, topic];
      runs.delete(key);
    },
  };
}
