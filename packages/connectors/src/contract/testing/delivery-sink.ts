import type { Delivery } from "../keeper/keeper.ts";
import { openPostSink, type PostSink } from "./post-sink.ts";

/** An address that keepers post to: keeps deliveries as they came, and answers as we do. */
export type DeliverySink = PostSink<Delivery>;

export function openDeliverySink(clock: { now(): number }): Promise<DeliverySink> {
  return openPostSink({
    keep: ({ headers, rawBody }) => ({
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
      ),
      rawBody,
      receivedAt: clock.now(),
    }),
    answer: '{"code":"200","Status":"Success"}',
  });
}
