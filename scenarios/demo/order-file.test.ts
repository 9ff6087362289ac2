import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { readOrderFile } from "./order-file.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "onepool-order-file-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(text: string) {
  const path = join(folder, "orders.csv");
  await writeFile(path, text);
  return readOrderFile(path, ["amazon", "meli"]);
}

describe("an order file", () => {
  test("keeps good rows, numbering the lines of an order", async () => {
    const { rows, bad } = await read(
      "orderId,placedAt,sku,quantity\nA,2026-11-23T10:00:00Z,KB-M,2\nA,2026-11-23T10:00:00Z,KB-L,1\n",
    );
    expect(bad).toEqual([]);
    expect(
      rows.map(({ orderId, lineId, sku, title, quantity }) => [orderId, lineId, sku, title, quantity]),
    ).toEqual([
      ["A", "1", "KB-M", "KB-M", 2],
      ["A", "2", "KB-L", "KB-L", 1],
    ]);
  });

  test("reports bad rows with line and reason and goes on", async () => {
    const { rows, bad } = await read(
      [
        "orderId,placedAt,sku,quantity,cancelledAt,channel",
        "A,2026-11-23 10:00,KB-M,2,,",
        "B,2026-11-23T10:00:00Z,KB-M,two,,",
        "C,2026-11-23T10:00:00Z,,1,,",
        "D,2026-11-23T10:00:00Z,KB-M,1,2026-11-22T10:00:00Z,",
        "E,2026-11-23T10:00:00Z,KB-M,1,,ebay",
        "F,2026-11-23T10:00:00-06:00,KB-M,1,2026-11-23T11:00:00-06:00,meli",
      ].join("\r\n"),
    );
    expect(bad).toEqual([
      { line: 2, reason: "placedAt is no ISO 8601 time with offset" },
      { line: 3, reason: "quantity is not a whole number of units" },
      { line: 4, reason: "sku is empty" },
      { line: 5, reason: "cancelledAt lies before placedAt" },
      { line: 6, reason: "channel is amazon or meli" },
    ]);
    expect(rows).toMatchObject([
      { orderId: "F", channel: "meli", cancelledAt: Date.parse("2026-11-23T17:00:00Z") },
    ]);
  });

  test("says which column a file lacks", async () => {
    await expect(read("orderId,sku,quantity\nA,KB-M,1\n")).rejects.toThrow("lacks the column placedAt");
  });
});
