import { openPostSink, type PostSink } from "./post-sink.ts";

/** A callback address that keeps the bodies it is sent, parsed. */
export type NotificationSink = PostSink<unknown>;

export function openNotificationSink(): Promise<NotificationSink> {
  return openPostSink({ keep: ({ rawBody }) => JSON.parse(rawBody.toString("utf8")) as unknown });
}
