import { expect, test } from "vitest";

import { MemoryTokenVault } from "../contract/testing/memory-token-vault.ts";
import { valueOf } from "../contract/testing/value-of.ts";
import { httpKeeper } from "./connector.ts";

const clock = { now: () => 0 };

function connect(settings: unknown) {
  const tokens = new MemoryTokenVault("", clock);
  return httpKeeper.connect({ connection: "wh", settings, credentials: null, tokens, clock });
}

test("has the places that its settings name, and is asked for nothing", async () => {
  const keeper = valueOf(connect({ locations: { "MEX-1": "main", "MEX-2": "3pl" } }));
  expect(Object.keys(keeper)).toEqual(["readAccount"]);
  const facilities = ["MEX-1", "MEX-2"].map((facility) => ({ facility, title: facility }));
  expect(valueOf(await keeper.readAccount())).toEqual({ accountId: "wh", facilities });
});

test("needs no settings, and names what is wrong with those it has", () => {
  expect(connect({}).ok).toBe(true);
  expect(connect({ locations: { F1: 7 } })).toMatchObject({
    ok: false,
    error: { kind: "auth", code: "wrong_settings", message: expect.stringContaining("locations.F1") },
  });
});

test("nothing of it is polled: whatever it tells, it writes to us", () => {
  const { capability } = httpKeeper;
  expect([capability.levels, capability.movements, capability.orders]).toEqual([
    "pushed",
    "pushed",
    "fetched",
  ]);
  expect([
    capability.levelsIntervalMs,
    capability.movementsIntervalMs,
    capability.documentsIntervalMs,
  ]).toEqual([null, null, null]);
  expect(Object.keys(httpKeeper).toSorted()).toEqual(["capability", "connect"]);
});
