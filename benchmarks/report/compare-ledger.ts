import type { ByHand } from "../baseline/baseline-variants.ts";
import type { ThroughLedger } from "../ledger/ledger-variants.ts";
import type { Measured } from "../measure/interleave.ts";
import { ratioOf, type Mark, type Ratio } from "../measure/ratio.ts";
import { fastestOf } from "./fastest.ts";

type Name = ThroughLedger | ByHand;

/** What the ledger must reach beside a hand-written baseline. */
const MARKS = {
  spread: { floor: 4, goal: 6 },
  hot: { floor: 18, goal: 30 },
  lone: { floor: 0.5, goal: 1 },
} as const satisfies Record<string, Mark>;

/** The ledger against the fastest of what was written by hand, each at its best number of callers. */
export function compareLedger(measured: readonly Measured<Name>[]): readonly Ratio[] {
  const sizes = new Set(measured.flatMap(({ name }) => (name.kind === "ledger" ? [name.ordersPerCall] : [])));
  return (["spread", "hot"] as const).flatMap((spread) => {
    const ledger = measured.filter(({ name }) => name.kind === "ledger" && name.spread === spread);
    const byHand = measured.filter(({ name }) => name.kind === "baseline" && name.spread === spread);
    const compare = (what: string, mark: Mark, keep: (name: Name) => boolean): Ratio[] => {
      const of = fastestOf(ledger.filter(({ name }) => keep(name)));
      const isLone = mark === MARKS.lone;
      const to = fastestOf(isLone ? byHand.filter(({ name }) => name.callers === 1) : byHand);
      if (of === null || to === null) return [];
      const callers = isLone ? "one caller" : `${of.name.callers} callers against ${to.name.callers}`;
      return [
        ratioOf(`ledger / by hand, ${spread}, ${what}, ${callers}`, mark, { of: of.rounds, to: to.rounds }),
      ];
    };
    return [
      ...[...sizes].flatMap((size) =>
        compare(
          size === 1 ? "orders one by one" : `batches of ${size}`,
          MARKS[spread],
          (name) => name.kind === "ledger" && name.ordersPerCall === size,
        ),
      ),
      ...compare(
        "orders one by one",
        MARKS.lone,
        (name) => name.kind === "ledger" && name.ordersPerCall === 1 && name.callers === 1,
      ),
    ];
  });
}
