import { describe, expect, it } from "vitest";

import { aKeeper } from "../../../testing/a-keeper.ts";
import { gravestFirst, keeperMark, keeperState } from "./keeper-state.ts";

describe("how a keeper stands", () => {
  const held = { since: "2026-11-23T14:00:00Z", why: "it has 1 line", strikes: 1, acceptedAt: null };
  const some = { verified: 4, suspect: 1, open: 2, booked: 1 };
  it.each([
    ["held", aKeeper({ heldSnapshot: held, levels: some })],
    ["stuck", aKeeper({ facts: { due: 0, waiting: 3, poison: 1 }, levels: some })],
    ["open", aKeeper({ levels: some })],
    ["suspect", aKeeper({ levels: { ...some, open: 0 } })],
    ["silent", aKeeper({ toldAsOf: null })],
    ["agrees", aKeeper({ facts: { due: 2, waiting: 3, poison: 0 } })],
  ] as const)("is %s by the gravest that holds", (state, keeper) => {
    expect(keeperState(keeper)).toBe(state);
  });

  it("puts first who asks for somebody, and leaves the rest in its place", () => {
    const keepers = [
      aKeeper({ connection: "c" }),
      aKeeper({ connection: "b", levels: some }),
      aKeeper({ connection: "a", levels: { ...some, open: 0 } }),
      aKeeper({ connection: "d", heldSnapshot: held }),
    ];
    expect(gravestFirst(keepers).map(({ connection }) => connection)).toEqual(["d", "b", "a", "c"]);
    expect(keeperMark("held")).toBe("critical");
  });
});
