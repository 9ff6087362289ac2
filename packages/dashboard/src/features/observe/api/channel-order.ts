import type { ConnectionView } from "../../../api/contract.ts";
import { GRAVITY, type Mark } from "../../../ui/mark.ts";

export type ChannelState = ConnectionView["health"]["state"];

const marks: Readonly<Record<ChannelState, Mark>> = {
  connected: "calm",
  unmanaged: "calm",
  importing: "moving",
  throttled: "moving",
  away: "warning",
  blind: "critical",
  reconnect_needed: "critical",
};

export function channelMark(state: ChannelState): Mark {
  // A state that only a newer server knows is not claimed to be in order.
  return marks[state] ?? "warning";
}

/** What asks for somebody comes first; the rest by code, so that cards keep their places. */
export function gravestFirst(connections: readonly ConnectionView[]): readonly ConnectionView[] {
  const rank = ({ health }: ConnectionView) => Math.min(2, GRAVITY.indexOf(channelMark(health.state)));
  return connections.toSorted((a, b) => rank(a) - rank(b) || a.code.localeCompare(b.code));
}
