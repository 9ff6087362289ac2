import fc from "fast-check";
import { expect, test } from "vitest";

import { valueOf } from "../contract/testing/value-of.ts";
import { fileDrop } from "./connector.ts";
import { NOW } from "./testing/file-drop-bench.ts";

const code = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter(
  // What a table's cell cannot keep: spaces around it, and characters that no file of a warehouse has.
  (text) => text.trim() === text && text.length > 0 && !/\p{Cc}|﻿/u.test(text),
);

const level = fc.record({
  item: code,
  facility: code,
  onHand: fc.integer({ min: -1_000, max: 1_000_000 }),
  held: fc.nat({ max: 10_000 }),
  allocated: fc.nat({ max: 10_000 }),
});

const layout = fc.record({
  delimiter: fc.constantFrom(",", ";", "\t", "|"),
  newline: fc.constantFrom("\n", "\r\n"),
  order: fc.shuffledSubarray(["item", "facility", "onHand", "held", "allocated", "asOf"] as const, {
    minLength: 6,
  }),
  asOf: fc.integer({ min: NOW - 10 ** 9, max: NOW }),
  hasTrailer: fc.boolean(),
});

test("a file written from any levels reads back equal, however it is laid out", () => {
  const levels = fc.uniqueArray(level, {
    minLength: 1,
    maxLength: 30,
    selector: ({ item, facility }) => JSON.stringify([item, facility]),
  });
  fc.assert(
    fc.property(levels, layout, (lines, { delimiter, newline, order, asOf, hasTrailer }) => {
      const time = Math.floor(asOf / 1_000) * 1_000;
      const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
      const rows = lines.map((line) =>
        order.map((name) =>
          quoted(name === "asOf" ? new Date(time).toISOString().slice(0, 19) + "Z" : String(line[name])),
        ),
      );
      const text = [order.map(quoted), ...rows].map((cells) => cells.join(delimiter) + newline).join("");
      const trailer = hasTrailer ? `#END ${lines.length}${newline}` : "";
      const profile = {
        kind: "levels",
        match: "*",
        delimiter,
        columns: {
          sku: "item",
          location: "facility",
          onHand: "onHand",
          damaged: "held",
          allocated: "allocated",
          asOf: "asOf",
        },
        ...(hasTrailer ? { trailer: "^#END (?<rows>\\d+)$" } : {}),
      };
      const file = {
        name: "f.csv",
        bytes: new TextEncoder().encode(text + trailer),
        modifiedAt: NOW,
        receivedAt: NOW,
      };
      const read = fileDrop.readFile?.(file, { files: [profile] });
      if (read === undefined) throw new Error("files are read");
      expect(valueOf(read)).toMatchObject([{ asOf: { from: time, to: time }, lines }]);
    }),
  );
});
