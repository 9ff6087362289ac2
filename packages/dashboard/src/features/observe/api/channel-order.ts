import type { ConnectionView } from "../../../api/contract.ts";

export type ChannelState = ConnectionView["health"]["state"];

/** How much a state asks of somebody: colour and sign follow. */
export type ChannelMark = "calm" | "moving" | "warning" | "critical";

const marks: Readonly<Record<ChannelState, ChannelMark>> = {
  connected: "calm",
  unmanaged: "calm",
  importing: "moving",
  throttled: "moving",
  away: "warning",
  blind: "critical",
  reconnect_needed: "critical",
};

const GRAVITY: readonly ChannelMark[] = ["critical", "warning", "moving", "calm"];

export function channelMark(state: ChannelState): ChannelMark {
  // A state that only a newer server knows is not claimed to be in order.
  return marks[state] ?? "warning";
}

/** What asks for somebody comes first; the rest by code, so that cards keep their places. */
export function gravestFirst(connections: readonly ConnectionView[]): readonly ConnectionView[] {
  const rank = ({ health }: ConnectionView) => Math.min(2, GRAVITY.indexOf(channelMark(health.state)));
  return connections.toSorted((a, b) => rank(a) - rank(b) || a.code.localeCompare(b.code));
}
