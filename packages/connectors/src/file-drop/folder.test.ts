// The connector over a real folder: files come and are taken, orders go out.
import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { valueOf } from "../contract/testing/value-of.ts";
import { fileDrop } from "./connector.ts";
import { accessWith, type Bench, LEVELS, look, lookTwice, openBench } from "./testing/file-drop-bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const STOCK = "sku,location,on_hand,as_of\nA,M,5,2026-11-23T10:00:00Z\n";

describe("files that come in", () => {
  test("are taken when they stood still over two looks, once", async () => {
    const keeper = bench.keeper();
    await bench.drop("stock.csv", STOCK);
    const first = await look(keeper, null);
    expect(first.facts).toEqual([]);
    bench.clock.pass(60_000);
    const second = await look(keeper, first.cursor);
    expect(second.facts).toMatchObject([{ kind: "snapshot", lines: [{ item: "A", onHand: 5 }] }]);
    // Asked again with the same cursor it tells the same; with the next one, nothing.
    expect((await look(keeper, first.cursor)).facts).toEqual(second.facts);
    expect((await look(keeper, second.cursor)).facts).toEqual([]);
    expect(await bench.names()).toContain("stock.csv");
  });

  test("are left while they grow, or when the second look comes too soon", async () => {
    const keeper = bench.keeper();
    await bench.drop("stock.csv", STOCK.slice(0, 40));
    const first = await look(keeper, null);
    bench.clock.pass(60_000);
    await bench.drop("stock.csv", STOCK);
    const second = await look(keeper, first.cursor);
    bench.clock.pass(9_000);
    const third = await look(keeper, second.cursor);
    expect([second.facts, third.facts, third.refused]).toEqual([[], [], []]);
    bench.clock.pass(1_000);
    expect((await look(keeper, third.cursor)).facts).toHaveLength(1);
  });

  test("are taken at once with their marker; drafts never", async () => {
    const keeper = bench.keeper({ moves: true });
    await bench.drop("stock.csv", STOCK);
    await bench.drop("stock.csv.done", "");
    await bench.drop("stock2.csv.part", STOCK);
    const first = await look(keeper, null);
    expect(first.facts).toHaveLength(1);
    // Moved only when the cursor that knows it is kept.
    expect(await bench.names("done")).toEqual([]);
    await look(keeper, first.cursor);
    expect(await bench.names("done")).toEqual(["stock.csv"]);
    expect(await bench.names()).toEqual([".onepool", "done", "stock2.csv.part"]);
  });

  test("the same bytes again, under any name, tell nothing new", async () => {
    const keeper = bench.keeper();
    await bench.drop("stock.csv", STOCK);
    const read = await lookTwice(keeper, bench);
    await bench.drop("stock-again.csv", STOCK);
    await bench.drop("stock.csv", STOCK);
    const seen = await look(keeper, read.cursor);
    bench.clock.pass(60_000);
    expect(await look(keeper, seen.cursor)).toMatchObject({ facts: [], refused: [] });
  });

  test("with an error are refused whole and put aside with the reason; mended, they are read", async () => {
    const keeper = bench.keeper();
    await bench.drop("stock.csv", `${STOCK}B,M,many,2026-11-23T10:00:00Z\n`);
    await bench.drop("stock2.csv", STOCK);
    const read = await lookTwice(keeper, bench);
    expect(read.facts).toHaveLength(1);
    expect(read.refused).toMatchObject([
      { name: "stock.csv", reason: expect.stringContaining("line 3") as string },
    ]);
    expect(await bench.names("refused")).toEqual(["stock.csv", "stock.csv.reason.txt"]);
    expect(await bench.text("refused/stock.csv.reason.txt")).toContain('line 3, column "on_hand": "many"');
    expect((await look(keeper, read.cursor)).refused).toEqual([]);
    await bench.drop("stock.csv", `${STOCK}B,M,7,2026-11-23T10:00:00Z\n`);
    bench.clock.pass(60_000);
    const seen = await look(keeper, read.cursor);
    bench.clock.pass(60_000);
    expect((await look(keeper, seen.cursor)).facts).toMatchObject([
      { lines: [{ item: "A" }, { item: "B", onHand: 7 }] },
    ]);
  });

  test("many are taken a few at a time, the oldest first", async () => {
    const keeper = bench.keeper();
    for (let nth = 0; nth < 12; nth++) {
      await bench.drop(`stock${nth}.csv`, STOCK.replace(",5,", `,${nth},`));
      bench.clock.pass(1_000);
    }
    const first = await look(keeper, null);
    bench.clock.pass(60_000);
    const second = await look(keeper, first.cursor);
    const third = await look(keeper, second.cursor);
    expect([second.hasMore, third.hasMore]).toEqual([true, false]);
    const told = [...second.facts, ...third.facts].map(
      (fact) => fact.kind === "snapshot" && fact.lines[0]?.onHand,
    );
    expect(told).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test("a folder that nobody opened for files is not read, and one that is gone is tried again", async () => {
    await rm(join(bench.folder, ".onepool"));
    const answer = await bench.keeper().collect?.({ cursor: null, since: 0 });
    expect(answer).toMatchObject({ ok: false, error: { kind: "auth", code: "folder_not_opened" } });
    const relative = fileDrop.connect(accessWith({ folder: "../files" }, bench.clock));
    expect(relative).toMatchObject({ ok: false, error: { kind: "auth", code: "wrong_settings" } });
  });

  test("without a place, nothing comes but by upload", async () => {
    const keeper = valueOf(fileDrop.connect(accessWith({ files: [LEVELS] }, bench.clock)));
    expect(await look(keeper, null)).toEqual({ facts: [], cursor: null, hasMore: false });
    expect(Object.keys(keeper)).toEqual(["readAccount", "collect"]);
  });
});

const ORDER = {
  reference: "OP-1A-1",
  orderNumber: "701-1",
  facility: "M",
  placedAt: Date.parse("2026-11-23T09:00:00Z"),
  lines: [
    { lineId: "1", item: "A", units: 2 },
    { lineId: "2", item: 'B "big"', units: 1 },
  ],
  shipTo: {
    name: "=José, S.A.",
    address1: "Av. Juárez 1",
    city: "Puebla",
    postalCode: "72000",
    country: "MX",
  },
  shippingMethod: null,
};
const KEY = { reference: ORDER.reference, keeperOrderId: ORDER.reference };
const FILE = "order-OP-1A-1.csv";

const SHIPPED = {
  kind: "shipments",
  match: "ship*.csv",
  location: "M",
  columns: { sku: "sku", reference: "ref", shipped: "left", status: "state", at: "at" },
};

describe("orders that go out", () => {
  test("are files by their reference, once, even when the keeper has taken them away", async () => {
    const keeper = bench.keeper();
    expect(await keeper.createOrder?.(ORDER)).toEqual({ ok: true, value: { keeperOrderId: "OP-1A-1" } });
    expect(await bench.names("out")).toEqual([FILE]);
    const lines = (await bench.text(`out/${FILE}`)).split("\r\n");
    expect(lines[1]).toBe(
      `OP-1A-1,701-1,2026-11-23T09:00:00.000Z,M,1,A,2,,"'=José, S.A.",Av. Juárez 1,,Puebla,,72000,MX,,`,
    );
    expect(lines[2]).toContain('2,"B ""big""",1');
    await rename(join(bench.folder, "out", FILE), join(bench.folder, "fetched.tmp"));
    await keeper.createOrder?.(ORDER);
    expect(await bench.names("out")).toEqual([]);
    // What is kept of it names nobody.
    expect(await bench.text("sent/order-OP-1A-1.txt")).not.toContain("José");
  });

  test("asked again after a failure they are not written twice", async () => {
    const keeper = bench.keeper();
    await mkdir(join(bench.folder, "sent"));
    await chmod(join(bench.folder, "sent"), 0o500);
    const failure = await keeper.createOrder?.(ORDER);
    await chmod(join(bench.folder, "sent"), 0o700);
    // Root may write anywhere: then there is no failure to be had.
    if (process.getuid?.() !== 0) expect(failure).toMatchObject({ ok: false, error: { kind: "transient" } });
    expect(await keeper.createOrder?.(ORDER)).toMatchObject({ ok: true });
    expect(await bench.names("out")).toEqual([FILE]);
  });

  test("are taken back while they are there, and the keeper is told all the same", async () => {
    const keeper = bench.keeper();
    await keeper.createOrder?.(ORDER);
    expect(await keeper.cancelOrder?.(KEY)).toEqual({ ok: true, value: "cancelled" });
    expect(await bench.names("out")).toEqual(["cancel-order-OP-1A-1.csv"]);
    expect(await keeper.cancelOrder?.(KEY)).toEqual({ ok: true, value: "cancelled" });
  });

  test("one that the keeper never had is unknown", async () => {
    expect(await bench.keeper().cancelOrder?.(KEY)).toEqual({ ok: true, value: "unknown" });
    expect(await bench.names("out")).toEqual([]);
  });

  test.each([
    ["2,shipped", "too_late"],
    ["0,cancelled", "cancelled"],
  ])("fetched, the keeper's word %s decides: %s", async (told, answer) => {
    const keeper = bench.keeper({ files: [SHIPPED] });
    await keeper.createOrder?.(ORDER);
    await rm(join(bench.folder, "out", FILE));
    expect(await keeper.cancelOrder?.(KEY)).toMatchObject({
      ok: false,
      error: { kind: "transient", code: "awaits_answer" },
    });
    expect(await bench.names("out")).toEqual(["cancel-order-OP-1A-1.csv"]);
    await bench.drop("ship.csv", `ref,sku,left,state,at\nOP-1A-1,A,${told},2026-11-23T11:00:00Z\n`);
    await lookTwice(keeper, bench);
    expect(await keeper.cancelOrder?.(KEY)).toEqual({ ok: true, value: answer });
  });

  test("where nobody answers, a cancellation is done when it is written", async () => {
    const keeper = bench.keeper({ confirmsCancels: false });
    await keeper.createOrder?.(ORDER);
    await rm(join(bench.folder, "out", FILE));
    expect(await keeper.cancelOrder?.(KEY)).toEqual({ ok: true, value: "cancelled" });
  });

  test("deliveries are announced likewise", async () => {
    const keeper = bench.keeper();
    const inbound = { reference: "IN-1", facility: "M", expectedAt: null, lines: [{ item: "A", units: 9 }] };
    await keeper.announceInbound?.(inbound);
    await keeper.announceInbound?.(inbound);
    expect(await bench.text("out/inbound-IN-1.csv")).toBe(
      "reference,location,expected_at,sku,units\r\nIN-1,M,,A,9\r\n",
    );
    const key = { reference: "IN-1", keeperInboundId: "IN-1" };
    expect(await keeper.cancelInbound?.(key)).toEqual({ ok: true, value: "cancelled" });
  });

  test("a reference that is no file's name is refused", async () => {
    const answer = await bench.keeper().createOrder?.({ ...ORDER, reference: "../../etc/x" });
    expect(answer).toMatchObject({ ok: false, error: { kind: "bug" } });
  });
});
