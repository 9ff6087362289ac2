import { describe, expect, test } from "vitest";

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

const database = await testDatabase();
const server = streamServer(database);

describe("one that comes back", () => {
  test("goes on after the last id it saw: no gap, no repeat, numbers as of then", async () => {
    await server.submit([putSku("BACK"), receipt("BACK", 100)]);
    const first = await server.open();
    const start = await first.next(isPosition);
    const [one = 0] = await server.submit([order("C-1", "BACK", 1)]);
    const seen = await first.next(through(one));
    first.close();
    const later = [];
    for (const number of fromTo(2, 20))
      later.push(...(await server.submit([order(`C-${number}`, "BACK", 1)])));
    const last = Math.max(...later);
    const again = await server.open({ id: seen.id ?? "" });
    expect((await again.next(isPosition)).id).toBe(seen.id);
    const caughtUp = await again.next(through(last));
    expect([...seqsOf(first.heard), ...seqsOf(again.heard)]).toEqual(
      fromTo(Number(start.data.seq) + 1, last),
    );
    expect(caughtUp.data.skus).toMatchObject([{ sku: "BACK", available: 80, committed: 20 }]);
    const [next = 0] = await server.submit([order("C-21", "BACK", 1)]);
    expect((await again.next(through(next))).data.skus).toMatchObject([{ sku: "BACK", available: 79 }]);
  });

  test("from the very beginning hears everything, in pieces", async () => {
    await server.submit([putSku("ALL"), receipt("ALL", 5_000)]);
    await server.submit(fromTo(1, 1_000).map((number) => order(`D-${number}`, "ALL", 1)));
    const [last = 0] = await server.submit([order("D-last", "ALL", 1)]);
    const stream = await server.open({ query: "?lastEventId=0.0" });
    await stream.next(through(last));
    expect(seqsOf(stream.heard)).toEqual(fromTo(1, last));
    // In every piece the number is the one right after its last entry.
    const told = stream.heard
      .filter(isLedger)
      .flatMap((event) =>
        (event.data.skus as { sku: string; available: number }[])
          .filter(({ sku }) => sku === "ALL")
          .map(({ available }) => ({ seq: Number(event.data.seq), available })),
      );
    const { rows } = await database.pool.query<{ seq: number; units: number }>(
      `select m.seq, sum(case when m.bucket = 'sellable' then m.units else -m.units end)::int8 as units
       from movement m join account a using (seller_id, account_id)
       where m.seller_id = $1 and a.sku = 'ALL' group by m.seq order by m.seq`,
      [server.sellerId],
    );
    for (const { seq, available } of told)
      expect(available).toBe(rows.filter((row) => row.seq <= seq).reduce((sum, row) => sum + row.units, 0));
    expect(told.length).toBeGreaterThan(1);
  });

  test("in the middle between ledger and observations gets only the rest", async () => {
    const stream = await server.open();
    const start = await stream.next(isPosition);
    const cursor = Number(start.data.cursor) + 1;
    await server.observe(cursor, { quantity: 9 });
    const [seq = 0] = await server.submit([putSku("MIDDLE")]);
    await stream.next(through(seq));
    const again = await server.open({ id: [seq, start.data.cursor].join(".") });
    const event = await again.next((each) => each.event !== "position");
    expect(event).toMatchObject({ event: "observation", id: `${seq}.${cursor}` });
  });

  test("many at once from different places, all without gap or repeat", async () => {
    const [last = 0] = await server.submit([putSku("MANY"), putSku("MANY-2")]).then((seqs) => seqs.slice(-1));
    const many = await Promise.all(fromTo(0, 19).map((back) => server.open({ id: `${last - back * 30}.0` })));
    const [next = 0] = await server.submit([receipt("MANY", 1)]);
    for (const [index, stream] of many.entries()) {
      await stream.next(through(next));
      expect(seqsOf(stream.heard)).toEqual(fromTo(last - index * 30 + 1, next));
    }
  });

  test("from an id ahead of the tables is told to start over", async () => {
    const [seq = 0] = await server.submit([putSku("AHEAD")]);
    const stream = await server.open({ id: `${seq + 1000}.0` });
    const reset = await stream.next(() => true);
    expect(reset).toMatchObject({ event: "reset", data: { reason: "ahead", seq } });
    expect(reset.id).toBe([seq, reset.data.cursor].join("."));
    const [next = 0] = await server.submit([putSku("AHEAD-2")]);
    await stream.next(through(next));
    expect(seqsOf(stream.heard)).toEqual([next]);
  });

  test("after entries that were archived is told to start over", async () => {
    const archived = await server.addSeller("archived");
    const [seq = 0] = (await server.submit([putSku("X"), putSku("Y"), putSku("Z")], archived.sellerId)).slice(
      -1,
    );
    await database.pool.query("delete from entry where seller_id = $1 and seq < $2", [
      archived.sellerId,
      seq,
    ]);
    const stream = await server.open({ key: archived.key, id: "1.0" });
    expect(await stream.next((event) => event.event === "reset")).toMatchObject({
      id: `${seq}.0`,
      data: { reason: "gone" },
    });
    const [next = 0] = await server.submit([putSku("W")], archived.sellerId);
    await stream.next(through(next));
    expect(seqsOf(stream.heard)).toEqual([next]);
  });

  test.each(["x", "1", "1.2.3", "-1.0", "1.0x", "99999999999999999999.0", "01.0"])(
    "with the id %s is refused",
    async (id) => {
      const stream = await server.open({ id });
      expect(stream.response.status).toBe(400);
      expect(stream.response.headers.get("content-type")).toContain("problem+json");
    },
  );
});
