import type { ServerResponse } from "node:http";

import { afterEach, expect, it, vi } from "vitest";

import {
  followStream,
  type StreamFollower,
  type StreamState,
} from "../src/features/live/api/follow-stream.ts";
import type { StreamEvent } from "../src/features/live/api/stream-event.ts";
import { open, streamServer, type StreamServer } from "./stream-server.ts";

let server: StreamServer | undefined;
let follower: StreamFollower | undefined;

afterEach(async () => {
  follower?.stop();
  await server?.close();
});

async function follow(
  answer: (response: ServerResponse, nth: number) => void,
  { silenceMs = 60_000 }: { silenceMs?: number } = {},
) {
  server = await streamServer(answer);
  const events: StreamEvent[] = [];
  const states: StreamState[] = [];
  const gaps: number[] = [];
  const { connections } = server;
  follower = followStream(
    { url: server.url, silenceMs, shortestWaitMs: 1, longestWaitMs: 2 },
    {
      onEvent: (event) => events.push(event),
      onState: (state) => states.push(state),
      onGap: () => gaps.push(connections.length),
    },
  );
  return { connections, events, states, gaps, follower };
}

const position = "id: 17.3\nevent: position\ndata: {}\n\n";
const sale = 'id: 18.3\nevent: ledger\ndata: {"seq":18,"entries":[],"skus":[]}\n\n';

it("hands on events, also one that arrives in pieces", async () => {
  const { events, states } = await follow((response) => {
    open(response, position + sale.slice(0, 20));
    response.write(sale.slice(20));
  });
  await vi.waitFor(() => expect(events).toEqual([{ type: "ledger", seq: 18, entries: [], skus: [] }]));
  expect(states).toEqual(["connecting", "live"]);
});

it("takes a broken stream up where it stopped, without a gap", async () => {
  const { connections, events, states, gaps } = await follow((response, nth) => {
    open(response, nth === 0 ? position + sale : "");
    if (nth === 0) response.end();
  });
  await vi.waitFor(() => expect(states).toEqual(["connecting", "live", "reconnecting", "live"]));
  expect(connections[1]?.lastEventId).toBe("18.3");
  expect(events).toHaveLength(1);
  expect(gaps).toEqual([]);
});

it("tells of a gap when a stream comes back that had said no place to go on from", async () => {
  const { gaps } = await follow((response, nth) => {
    open(response);
    if (nth === 0) response.end();
  });
  await vi.waitFor(() => expect(gaps).toEqual([2]));
});

it("tells of a gap when the server says it cannot go on from there", async () => {
  const { gaps, events } = await follow((response) => {
    open(response, `${position}id: 2.0\nevent: reset\ndata: {"reason":"ahead"}\n\n${sale}`);
  });
  await vi.waitFor(() => expect(events).toHaveLength(1));
  expect(gaps).toEqual([1]);
});

it("begins anew with a place the server does not understand", async () => {
  const { connections, gaps } = await follow((response, nth) => {
    if (nth === 1) return response.writeHead(400).end();
    open(response, nth === 0 ? position : "");
    if (nth === 0) response.end();
  });
  await vi.waitFor(() => expect(gaps).toEqual([3]));
  expect(connections.map(({ lastEventId }) => lastEventId)).toEqual([undefined, "17.3", undefined]);
});

it("is offline after three failures in a row, and goes on trying", async () => {
  const { states } = await follow((response, nth) => {
    if (nth < 4) response.writeHead(503).end();
    else open(response);
  });
  await vi.waitFor(() => expect(states.at(-1)).toBe("live"));
  expect(states).toEqual(["connecting", "reconnecting", "reconnecting", "offline", "offline", "live"]);
});

it("gives up a connection on which nothing is heard, heartbeats included", async () => {
  const { states } = await follow((response, nth) => nth === 0 && open(response), { silenceMs: 20 });
  await vi.waitFor(() => expect(states.slice(0, 3)).toEqual(["connecting", "live", "reconnecting"]));
});

it("stops asking when the session has ended", async () => {
  const { connections, states } = await follow((response) => response.writeHead(401).end());
  await vi.waitFor(() => expect(states).toEqual(["connecting", "signedOut"]));
  expect(connections).toHaveLength(1);
});

it("lets the connection go while paused and resumes it by its place", async () => {
  const { connections, states, ...stream } = await follow((response) => open(response, position));
  await vi.waitFor(() => expect(states).toContain("live"));
  const [first] = connections;
  const left = new Promise((resolve) => first?.response.on("close", resolve));
  stream.follower.pause();
  await left;
  expect(connections).toHaveLength(1);
  stream.follower.resume();
  await vi.waitFor(() => expect(connections).toHaveLength(2));
  expect(connections[1]?.lastEventId).toBe("17.3");
});
