// The connector over a real SFTP server.
import { afterEach, beforeEach, expect, test } from "vitest";

import { valueOf } from "../contract/testing/value-of.ts";
import { fileDrop } from "./connector.ts";
import { accessWith, type Bench, LEVELS, look, lookTwice, openBench } from "./testing/file-drop-bench.ts";
import { openSftpServer, type SftpServer } from "./testing/sftp-server.ts";

const ACCOUNT = { username: "acme", password: "open sesame" };
let bench: Bench;
let server: SftpServer;

beforeEach(async () => {
  bench = await openBench();
  server = await openSftpServer(bench.folder, ACCOUNT);
});
afterEach(async () => {
  await server.close();
  await bench.close();
});

function keeper(more: object = {}, credentials: object = { password: ACCOUNT.password }) {
  const { port, hostKeySha256 } = server;
  const sftp = { host: "127.0.0.1", port, username: ACCOUNT.username, path: "/", hostKeySha256, ...more };
  const access = accessWith({ sftp, files: [LEVELS], moves: true }, bench.clock, credentials);
  return valueOf(fileDrop.connect(access));
}

const STOCK = "sku,location,on_hand,as_of\nÑU,M,5,2026-11-23T10:00:00Z\n";

test("files are read, moved and put aside there, each look with a login of its own", async () => {
  await bench.drop("stock.csv", STOCK);
  await bench.drop("stock2.csv", "sku,location,on_hand,as_of\nA,M,many,2026-11-23T10:00:00Z\n");
  const read = await lookTwice(keeper(), bench);
  expect(read.facts).toMatchObject([{ kind: "snapshot", lines: [{ item: "ÑU", onHand: 5 }] }]);
  expect(read.refused).toMatchObject([{ name: "stock2.csv" }]);
  expect(await bench.names("refused")).toEqual(["stock2.csv", "stock2.csv.reason.txt"]);
  expect((await look(keeper(), read.cursor)).facts).toEqual([]);
  expect(await bench.names("done")).toEqual(["stock.csv"]);
  expect(server.logins()).toBe(3);
});

test("a file as large as several packets comes whole", async () => {
  const rows = Array.from({ length: 20_000 }, (_, nth) => `SKU-${nth},M,${nth},2026-11-23T10:00:00Z\n`);
  await bench.drop("stock.csv", `sku,location,on_hand,as_of\n${rows.join("")}`);
  const { facts } = await lookTwice(keeper(), bench);
  expect(facts).toHaveLength(1);
  expect(facts[0]).toHaveProperty("lines.19999", {
    item: "SKU-19999",
    facility: "M",
    onHand: 19_999,
    held: 0,
  });
});

test("an order is written once and taken back", async () => {
  const order = {
    reference: "OP-1A-1",
    orderNumber: "701-1",
    facility: "M",
    placedAt: bench.clock.now(),
    lines: [{ lineId: "1", item: "A", units: 2 }],
    shipTo: null,
    shippingMethod: null,
  };
  const there = keeper();
  for (let times = 0; times < 2; times++)
    expect(await there.createOrder?.(order)).toEqual({ ok: true, value: { keeperOrderId: "OP-1A-1" } });
  expect(await bench.names("out")).toEqual(["order-OP-1A-1.csv"]);
  expect(await bench.text("out/order-OP-1A-1.csv")).toContain("OP-1A-1,701-1,");
  const key = { reference: "OP-1A-1", keeperOrderId: null };
  expect(await there.cancelOrder?.(key)).toEqual({ ok: true, value: "cancelled" });
  expect(await bench.names("out")).toEqual(["cancel-order-OP-1A-1.csv"]);
});

test("a server with another key is not told the password", async () => {
  const answer = await keeper({ hostKeySha256: `SHA256:${"A".repeat(43)}` }).collect?.({
    cursor: null,
    since: 0,
  });
  expect(answer).toMatchObject({ ok: false, error: { kind: "auth", code: "other_host_key" } });
  expect(server.logins()).toBe(0);
});

test("a wrong password is a person's to mend, and is not repeated in the message", async () => {
  const answer = await keeper({}, { password: "s3cret-guess" }).collect?.({ cursor: null, since: 0 });
  expect(answer).toMatchObject({ ok: false, error: { kind: "auth", code: "refused_login" } });
  expect(JSON.stringify(answer)).not.toContain("s3cret-guess");
});

test("a server that is not there is tried again", async () => {
  const there = keeper();
  await server.close();
  expect(await there.collect?.({ cursor: null, since: 0 })).toMatchObject({
    ok: false,
    error: { kind: "transient" },
  });
  server = await openSftpServer(bench.folder, ACCOUNT);
});

test("settings and credentials that make no sense are named", () => {
  const sftp = { host: "h", username: "u" };
  const connect = (settings: object, credentials: object) =>
    fileDrop.connect(accessWith(settings, bench.clock, credentials));
  expect(connect({ sftp }, {})).toMatchObject({
    ok: false,
    error: { kind: "auth", code: "wrong_credentials" },
  });
  expect(connect({ sftp: { ...sftp, hostKeySha256: "short" } }, ACCOUNT)).toMatchObject({ ok: false });
  expect(connect({ sftp, folder: "/srv" }, ACCOUNT)).toMatchObject({ ok: false });
});
