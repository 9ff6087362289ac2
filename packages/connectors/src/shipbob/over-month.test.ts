// A bad month at the simulated ShipBob, read over real HTTP as it goes by.
import { afterAll, beforeAll, expect, it } from "vitest";

import { liveThroughMonth } from "../contract/testing/bad-month.ts";
import { factFaults } from "../contract/testing/fact-faults.ts";
import { MemoryTokenVault } from "../contract/testing/memory-token-vault.ts";
import { onHandChanges, readAllFacts, readAllLevels } from "../contract/testing/read-keeper.ts";
import { type SimulatorProcess, startSimulator } from "../contract/testing/simulator-process.ts";
import { valueOf } from "../contract/testing/value-of.ts";
import { shipbob } from "./connector.ts";

let simulator: SimulatorProcess;

beforeAll(async () => {
  simulator = await startSimulator("shipbob", 11);
});
afterAll(() => simulator.stop());

it("is told whole by what is read of it piece by piece, and adds up to the levels", async () => {
  let offsetMs = 0;
  const clock = { now: () => Date.now() + offsetMs };
  const since = clock.now();
  const { token } = await simulator.control("GET", "/_sim/account");
  await simulator.control("PUT", "/_sim/settings", { requestsPerMinute: 100_000 });
  await simulator.control("PUT", "/_sim/faults", {
    history: { late: 0.5, lateMs: 600_000 },
    api: [{ kind: "serverError", endpoint: "POST /inventory/history:query", probability: 0.1 }],
  });
  const keeper = valueOf(
    shipbob.connect({
      connection: "3pl",
      settings: { baseUrl: simulator.url, locations: { 8: "main", 25: "west" } },
      credentials: { accessToken: token },
      tokens: new MemoryTokenVault("", clock),
      clock,
    }),
  );
  const month = {
    simulator,
    keeper: keeper as Required<typeof keeper>,
    items: ["KB-S", "KB-M", "KB-L"],
    facility: { code: "8", building: "Cicero (IL)" },
    since,
    now: clock.now,
    async pass(ms: number) {
      await simulator.control("POST", "/_sim/clock", { advanceMs: ms });
      offsetMs += ms;
    },
  };
  const told = await liveThroughMonth(month);
  const facts = await readAllFacts(month.keeper, since);
  expect(facts.flatMap(factFaults)).toEqual([]);
  const logged = facts.filter(({ kind }) => kind === "pick" || kind === "adjustment");
  expect(logged.length).toBeGreaterThan(60);
  expect([...told.keys()].toSorted()).toEqual(logged.map(({ factId }) => factId).toSorted());
  const changes = onHandChanges(facts, "pick");
  for (const [key, { onHand, facility }] of await readAllLevels(month.keeper))
    expect([key, onHand]).toEqual([key, (facility === "8" ? 40 : 0) + (changes.get(key) ?? 0)]);
});
