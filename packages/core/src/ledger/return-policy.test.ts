import { expect, test } from "vitest";

import type { Command } from "./command.ts";
import { decide } from "./decide.ts";
import { LedgerState } from "./ledger-state.ts";

const NOW = 1_800_000_000_000;

/** Sellable and in quality control after one unit came back. */
function afterReturn(attributes: object, straightToSellable?: boolean): readonly [number, number] {
  const state = new LedgerState({ complete: true });
  state.mark();
  let seq = 0;
  const back = {
    kind: "movement",
    movement: "return",
    sku: "A",
    location: "main",
    units: 1,
    externalId: "b",
  } as const;
  const commands: Command[] = [
    { kind: "put_location", code: "main" },
    { kind: "put_sku", sku: "A", attributes: { ...attributes } },
    straightToSellable === undefined ? back : { ...back, straightToSellable },
  ];
  for (const command of commands) {
    const decision = decide(state, command, NOW);
    if (!decision.ok || !("entries" in decision)) throw new Error(`${command.kind} was not recorded`);
    for (const entry of decision.entries) state.apply(entry, ++seq);
  }
  return [state.balance("A", "main", "sellable"), state.balance("A", "main", "quality_control")];
}

test("a return waits in quality control unless the SKU's policy or the return itself says otherwise", () => {
  expect(afterReturn({})).toEqual([0, 1]);
  expect(afterReturn({ policy: {} })).toEqual([0, 1]);
  expect(afterReturn({ policy: { returnsTo: "quality_control" } })).toEqual([0, 1]);
  expect(afterReturn({ policy: { returnsTo: "sellable" } })).toEqual([1, 0]);
  expect(afterReturn({ policy: { returnsTo: "sellable" } }, false)).toEqual([0, 1]);
  expect(afterReturn({}, true)).toEqual([1, 0]);
});
