import { Counter, Gauge } from "prom-client";

import type { Metrics } from "../metrics/metrics.ts";
import type { StreamEnd } from "./stream-connection.ts";

/** What is counted of the streams. */
export interface LiveMetrics {
  opened(): void;
  ended(reason: StreamEnd): void;
  sent(bytes: number): void;
}

/** Registers the metrics of the stage. */
export function liveMetrics(metrics: Metrics): LiveMetrics {
  const registers = [metrics];
  const open = new Gauge({ name: "live_streams", help: "Streams that are open", registers });
  const ended = new Counter({
    name: "live_streams_ended_total",
    help: "Streams that ended, by reason",
    labelNames: ["reason"],
    registers,
  });
  const frames = new Counter({
    name: "live_frames_sent_total",
    help: "Pieces of stream sent, per listener",
    registers,
  });
  const bytes = new Counter({ name: "live_bytes_sent_total", help: "Bytes of stream sent", registers });
  return {
    opened: () => open.inc(),
    ended(reason) {
      open.dec();
      ended.inc({ reason });
    },
    sent(count) {
      frames.inc();
      bytes.inc(count);
    },
  };
}
