import { expect, it } from "vitest";

import type { ConnectionView } from "../../../api/contract.ts";
import { channelMark, type ChannelState, gravestFirst } from "./channel-order.ts";

function connection(code: string, state: ChannelState): ConnectionView {
  return { code, health: { state } } as ConnectionView;
}

it("puts first what asks for somebody, and leaves the rest in its place", () => {
  const connections = [
    connection("d", "connected"),
    connection("c", "throttled"),
    connection("b", "away"),
    connection("e", "reconnect_needed"),
    connection("a", "connected"),
    connection("f", "blind"),
  ];
  expect(gravestFirst(connections).map(({ code }) => code)).toEqual(["e", "f", "b", "a", "c", "d"]);
});

it("does not claim that a state it does not know is in order", () => {
  expect(channelMark("dreaming" as ChannelState)).toBe("warning");
});
