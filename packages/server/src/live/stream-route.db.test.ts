import net from "node:net";

import { fastify } from "fastify";
import { describe, expect, test } from "vitest";

import { addKey, revokeKey } from "../auth/api-key-store.ts";
import { authentication } from "../auth/authenticate.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { openEventStream } from "../testing/event-stream.ts";
import {
  fromTo,
  isLedger,
  isPosition,
  order,
  putSku,
  receipt,
  seqsOf,
  streamServer,
  through,
} from "../testing/stream-server.ts";
import { testDatabase } from "../testing/test-database.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { LiveHub } from "./live-hub.ts";
import { liveMetrics } from "./live-metrics.ts";
import { streamRoute } from "./stream-route.ts";

const database = await testDatabase();
const server = streamServer(database);

describe("what a listener hears", () => {
  test("begins with the place it starts from, then each change with the SKU's numbers as of it", async () => {
    const stream = await server.open();
    expect(stream.response.headers.get("content-type")).toContain("text/event-stream");
    expect(stream.response.headers.get("x-content-type-options")).toBe("nosniff");
    const start = await stream.next(isPosition);
    expect(start.id).toBe([start.data.seq, start.data.cursor].join("."));
    const [, seq = 0] = await server.submit([putSku("KB-M"), receipt("KB-M", 40)]);
    await stream.next(through(seq));
    const [sold = 0] = await server.submit([order("A-1", "KB-M", 3)]);
    const event = await stream.next(through(sold));
    expect(event).toEqual({
      id: `${sold}.0`,
      event: "ledger",
      data: {
        seq: sold,
        entries: [
          {
            seq: sold,
            kind: "order",
            recordedAt: expect.stringMatching(/Z$/),
            channel: "web",
            orderId: "A-1",
          },
        ],
        skus: [
          {
            sku: "KB-M",
            onHand: 40,
            available: 37,
            reserved: 0,
            committed: 3,
            qualityControl: 0,
            damaged: 0,
            incoming: 0,
            returning: 0,
          },
        ],
      },
    });
  });

  test("a SKU that is only described is there with its numbers", async () => {
    const stream = await server.open();
    const [seq = 0] = await server.submit([putSku("NEW-1")]);
    expect((await stream.next(through(seq))).data.skus).toMatchObject([
      { sku: "NEW-1", onHand: 0, available: 0 },
    ]);
  });

  test("what lies at a channel's location is not counted", async () => {
    await server.submit([
      { kind: "put_location", code: "full", locationKind: "3pl" },
      putSku("FULL-1"),
      receipt("FULL-1", 7, "full"),
    ]);
    // Its numbers come from the channel's summaries only, which nothing reports yet.
    await database.pool.query("update location set kind = 'channel' where seller_id = $1 and code = 'full'", [
      server.sellerId,
    ]);
    const stream = await server.open();
    const [seq = 0] = await server.submit([receipt("FULL-1", 5)]);
    expect((await stream.next(through(seq))).data.skus).toMatchObject([
      { sku: "FULL-1", onHand: 5, available: 5 },
    ]);
  });

  test("an oversell's alert comes with its entry, and again when it is resolved", async () => {
    await server.submit([putSku("LAST-1"), receipt("LAST-1", 1)]);
    const stream = await server.open();
    const [seq = 0] = await server.submit([order("O-1", "LAST-1", 3)]);
    const alert = await stream.next((event) => event.event === "alert");
    expect(alert).toMatchObject({
      id: null,
      data: { kind: "oversold", severity: "critical", sku: "LAST-1", units: 2, resolvedAt: null },
    });
    await stream.next(through(seq));
    await server.submit([order("O-1", "LAST-1", 3, "cancelled")]);
    const resolved = await stream.next((event) => event.event === "alert");
    expect(resolved.data).toMatchObject({ id: alert.data.id, resolvedAt: expect.stringMatching(/Z$/) });
  });

  test("observations come with their own place", async () => {
    const stream = await server.open();
    const start = await stream.next(isPosition);
    const cursor = Number(start.data.cursor) + 1;
    await server.observe(cursor, { quantity: 4 });
    server.hub.wake(server.sellerId);
    const event = await stream.next((each) => each.event === "observation");
    expect(event.id).toBe([start.data.seq, cursor].join("."));
    expect(event.data).toEqual({
      cursor,
      observations: [
        {
          cursor,
          connection: "meli-mx",
          externalId: "MLM1",
          kind: "confirmed",
          recordedAt: expect.any(String),
          quantity: 4,
        },
      ],
    });
  });

  test("nothing of another seller", async () => {
    const other = await server.addSeller("b");
    const stream = await server.open({ key: other.key });
    await stream.next(isPosition);
    const [seq = 0] = await server.submit([putSku("SECRET-1")]);
    const [own = 0] = await server.submit([putSku("OWN-1")], other.sellerId);
    await stream.next(through(own));
    expect(seq).not.toBe(own);
    expect(JSON.stringify(stream.heard)).not.toContain("SECRET-1");
    const all = await server.open({ key: other.key, id: "0.0" });
    await all.next(through(own));
    expect(JSON.stringify(all.heard)).not.toContain("SECRET-1");
  });

  test("every burst in fewer events than entries, and every entry once", async () => {
    await server.submit([putSku("HOT"), receipt("HOT", 10_000)]);
    const stream = await server.open();
    const start = await stream.next(isPosition);
    const answers = await Promise.all(
      fromTo(1, 400).map((number) => server.submit([order(`B-${number}`, "HOT", 1)])),
    );
    const last = Math.max(...answers.flat());
    const end = await stream.next(through(last));
    expect(seqsOf(stream.heard)).toEqual(fromTo(Number(start.data.seq) + 1, last));
    expect(stream.heard.filter(isLedger).length).toBeLessThan(100);
    expect(end.data.skus).toMatchObject([{ sku: "HOT", available: 10_000 - 400 }]);
  });

  test("a heartbeat while nothing happens", async () => {
    const stream = await server.open();
    await waitUntil(() => stream.comments.length >= 3);
    expect(new Set(stream.comments)).toEqual(new Set(["still here"]));
  });
});

describe("a listener that takes nothing", () => {
  test("is dropped, and meanwhile nobody waits for it", async () => {
    const wide = fromTo(1, 300).map((number) => `SLOW-${"x".repeat(150)}-${number}`);
    await server.submit(wide.map((sku) => putSku(sku)));
    const { hostname, port } = new URL(server.base);
    const socket = net.connect(Number(port), hostname);
    socket.pause();
    socket.write(
      `GET /v1/stream?lastEventId=0.0 HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${server.key}\r\n\r\n`,
    );
    const closed = new Promise<void>((resolve) => {
      socket.on("close", () => resolve());
      socket.on("error", () => undefined);
    });
    const brisk = await server.open();
    for (let round = 0; !(await countOf("live_streams_ended_total", "too_slow")); round += 1) {
      const [seq = 0] = (await server.submit(wide.map((sku) => putSku(sku, { round })))).slice(-1);
      await brisk.next(through(seq));
    }
    socket.resume();
    await closed;
  });
});

async function countOf(name: string, reason: string): Promise<number> {
  const metric = await server.metrics.getSingleMetric(name)?.get();
  return metric?.values.find((value) => value.labels.reason === reason)?.value ?? 0;
}

describe("a stream ends", () => {
  test("when its key is revoked", async () => {
    const { key: doomed, keyId } = await addKey(database.pool, {
      sellerId: server.sellerId,
      role: "read",
      label: "",
    });
    const stream = await server.open({ key: doomed });
    await stream.next(isPosition);
    await revokeKey(database.pool, keyId);
    expect(await stream.next((event) => event.event === "end")).toMatchObject({
      data: { reason: "revoked" },
    });
    await stream.ended;
    expect((await server.open({ key: doomed })).response.status).toBe(401);
  });

  test("when the server stops, after which it may come back for the rest", async () => {
    const stoppingHub = new LiveHub({ pool: database.openPool({ max: 2 }), log: server.log });
    const stopping = fastify();
    await stopping.register(
      authentication({
        pool: database.pool,
        clock: server.clock,
        log: server.log,
        host: "127.0.0.1",
        publicUrl: undefined,
        secretKey: "s".repeat(32),
      }),
    );
    await stopping.register(
      streamRoute({ hub: stoppingHub, log: server.log, metrics: liveMetrics(createMetrics()) }),
    );
    const url = await stopping.listen({ port: 0 });
    const stream = await openEventStream(`${url}/v1/stream`, { authorization: `Bearer ${server.key}` });
    await stream.next(isPosition);
    await stopping.close();
    await stream.ended;
    expect(stream.comments.at(-1)).toContain("stopping");
  });
});
