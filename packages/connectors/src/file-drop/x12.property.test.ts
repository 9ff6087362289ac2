import fc from "fast-check";
import { expect, test } from "vitest";

import { valueOf } from "../contract/testing/value-of.ts";
import { fileDrop } from "./connector.ts";
import { NOW } from "./testing/file-drop-bench.ts";
import { writeX12 } from "./testing/write-x12.ts";

// What X12's basic and extended characters are, without any that a layout below separates with.
const code = fc
  .stringMatching(/^[A-Za-z0-9ÑÜáé][A-Za-z0-9ÑÜáé .#/-]{0,20}$/)
  .filter((text) => text.trim() === text);

const level = fc.record({
  item: code,
  facility: code,
  onHand: fc.integer({ min: -1_000, max: 1_000_000 }),
  held: fc.nat({ max: 10_000 }),
});

const layout = fc.record({
  element: fc.constantFrom("*", "|", "\u001d"),
  component: fc.constantFrom(">", ":", "^"),
  terminator: fc.constantFrom("~", "\n", "~\r\n", "!", "\u001c"),
  control: fc.integer({ min: 1, max: 999_999_999 }),
});

test("any levels that are written as 846 read back equal, however they are laid out", () => {
  const levels = fc.uniqueArray(level, {
    maxLength: 30,
    selector: ({ item, facility }) => JSON.stringify([item, facility]),
  });
  fc.assert(
    fc.property(levels, layout, (lines, written) => {
      const rows = lines.flatMap(({ item, facility, onHand, held }, index) => [
        `LIN*${index}*SK*${item}`,
        `N1*WH**92*${facility}`,
        `QTY*17*${onHand}*EA`,
        `QTY*33*7*EA`,
        `QTY*QH*${held}*EA`,
      ]);
      const text = writeX12([["ST*846", "BIA*00*SI*S*20261123*100000", ...rows].join("\n")], written);
      const file = { name: "f", bytes: new TextEncoder().encode(text), modifiedAt: NOW, receivedAt: NOW };
      const read = fileDrop.readFile?.(file, { files: [{ format: "x12", match: "*" }] });
      if (read === undefined) throw new Error("files are read");
      const time = Date.parse("2026-11-23T10:00:00Z");
      expect(valueOf(read)).toMatchObject([{ asOf: { from: time, to: time }, lines }]);
    }),
  );
});
