import { describe, expect, test } from "vitest";

import { openLedger } from "../ledger/ledger.ts";
import { isLedger, isPosition, putSku, streamServer } from "../testing/stream-server.ts";
import { testDatabase } from "../testing/test-database.ts";
import { LiveHub } from "./live-hub.ts";
import { listenToNotifications } from "./notification-listener.ts";

const database = await testDatabase();
const server = streamServer(database);

describe("commits of another process", () => {
  test("are heard through PostgreSQL", async () => {
    const other = openLedger({
      pool: database.openPool({ max: 2, pipeline: true }),
      clock: server.clock,
      log: server.log,
    });
    const listening = Promise.withResolvers<void>();
    const listener = listenToNotifications({
      url: database.url,
      channels: ["onepool_ledger"],
      log: server.log,
      onNotice: (_, text) => server.hub.wake(Number(text)),
      onListening: () => listening.resolve(),
    });
    await listening.promise;
    const stream = await server.open();
    await stream.next(isPosition);
    const answer = await other.submit({ sellerId: server.sellerId, commands: [putSku("ELSEWHERE")] });
    await stream.next((event) => isLedger(event) && JSON.stringify(event.data).includes("ELSEWHERE"));
    expect(answer.kind).toBe("done");
    await other.close();
    await listener.close();
  });

  test("are found by the poll where notices are lost", async () => {
    const other = openLedger({
      pool: database.openPool({ max: 2, pipeline: true }),
      clock: server.clock,
      log: server.log,
    });
    const polling = new LiveHub({ pool: database.openPool({ max: 2 }), log: server.log, pollMs: 20 });
    const listening = polling.listen(server.sellerId);
    const from = await listening?.feed.start();
    await other.submit({ sellerId: server.sellerId, commands: [putSku("UNHEARD")] });
    const frame = await listening?.feed.next(from ?? { seq: 0, cursor: 0 }, new AbortController().signal);
    expect(frame?.bytes.toString()).toContain("UNHEARD");
    listening?.leave();
    await polling.close();
    await other.close();
  });
});
