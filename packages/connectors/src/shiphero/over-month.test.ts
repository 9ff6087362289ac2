// A bad month at the simulated ShipHero, read over real HTTP as it goes by.
import { afterAll, beforeAll, expect, it } from "vitest";

import { liveThroughMonth } from "../contract/testing/bad-month.ts";
import { factFaults } from "../contract/testing/fact-faults.ts";
import { MemoryTokenVault } from "../contract/testing/memory-token-vault.ts";
import { onHandChanges, readAllFacts, readAllLevels } from "../contract/testing/read-keeper.ts";
import { type SimulatorProcess, startSimulator } from "../contract/testing/simulator-process.ts";
import { valueOf } from "../contract/testing/value-of.ts";
import { shiphero } from "./connector.ts";

let simulator: SimulatorProcess;

beforeAll(async () => {
  simulator = await startSimulator("shiphero", 11);
});
afterAll(() => simulator.stop());

it("is told whole by what is read of it piece by piece, and adds up to the levels", async () => {
  let offsetMs = 0;
  const clock = { now: () => Date.now() + offsetMs };
  const pass = async (ms: number): Promise<void> => {
    await simulator.control("POST", "/_sim/clock", { advanceMs: ms });
    offsetMs += ms;
  };
  // The log tells the opening stock too, which was laid before.
  await pass(60_000);
  const since = clock.now() - 30_000;
  const described = await simulator.control("GET", "/_sim/account");
  const { refreshToken, warehouses } = described as {
    refreshToken: string;
    warehouses: { facility: string; legacyId: number }[];
  };
  const code = String(warehouses[0]?.legacyId);
  await simulator.control("PUT", "/_sim/settings", { credits: { restorePerSecond: 1_000_000 } });
  await simulator.control("PUT", "/_sim/faults", {
    reads: { lagMs: 600_000, lagShare: 0.5 },
    api: [{ kind: "serverError", endpoint: "inventory_changes", probability: 0.1 }],
  });
  const keeper = valueOf(
    shiphero.connect({
      connection: "3pl",
      settings: { baseUrl: simulator.url, tokenUrl: simulator.tokenUrl, locations: { [code]: "main" } },
      credentials: {},
      tokens: new MemoryTokenVault(refreshToken, clock),
      clock,
    }),
  );
  const month = {
    simulator,
    keeper: keeper as Required<typeof keeper>,
    items: ["KB-S", "KB-M", "KB-L"],
    facility: { code, building: warehouses[0]?.facility ?? "" },
    since,
    now: clock.now,
    pass,
  };
  const told = await liveThroughMonth(month);
  const facts = await readAllFacts(month.keeper, since);
  expect(facts.flatMap(factFaults)).toEqual([]);
  const logged = facts.filter(({ kind }) => kind === "adjustment");
  expect(logged.length).toBeGreaterThan(60);
  expect([...told.keys()].toSorted()).toEqual(logged.map(({ factId }) => factId).toSorted());
  const changes = onHandChanges(facts, "shipment");
  for (const [key, { onHand }] of await readAllLevels(month.keeper))
    expect([key, onHand]).toEqual([key, 40 + (changes.get(key) ?? 0)]);
});
