import { expect, test } from "vitest";

import { parseBenchOptions, PARTS } from "./bench-options.ts";

test("measures everything unless it is told what", () => {
  expect(parseBenchOptions([])).toEqual({
    ok: true,
    options: { isQuick: false, parts: new Set(PARTS), profileFolder: undefined },
  });
  expect(parseBenchOptions(["--quick", "--only", "http,idle", "--profile", "/tmp/p"])).toEqual({
    ok: true,
    options: { isQuick: true, parts: new Set(["http", "idle"]), profileFolder: "/tmp/p" },
  });
});

test.each([[["--fast"]], [["--only", "ledgers"]], [["ledger"]]])("refuses %j in one sentence", (words) => {
  expect(parseBenchOptions(words)).toMatchObject({ ok: false });
});
