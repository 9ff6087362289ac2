import type pg from "pg";

import { closedLoop } from "../measure/closed-loop.ts";
import type { Variant } from "../measure/interleave.ts";
import { orderIds } from "../workload/order-ids.ts";
import { skuDraw, type Spread } from "../workload/sku-draw.ts";
import { RECORD_LINE, type BaselinePattern } from "./record-line.ts";

/** One transaction per order line, by hand. */
export interface ByHand {
  readonly kind: "baseline";
  readonly pattern: BaselinePattern;
  readonly spread: Spread;
  /** Each over a connection of its own. */
  readonly callers: number;
}

/** Both patterns, spread and hot, at each number of connections: the best of them is what the ledger is compared with. */
export function baselineVariants(
  clients: readonly pg.ClientBase[],
  connections: readonly number[],
  skus: number,
): readonly Variant<ByHand>[] {
  const names = (["one statement", "begin-update-insert-commit"] as const).flatMap((pattern) =>
    (["spread", "hot"] as const).flatMap((spread) =>
      connections.map((callers): ByHand => ({ kind: "baseline", pattern, spread, callers })),
    ),
  );
  return names.map((name, index) => {
    const nextSku = skuDraw(name.spread, skus, index);
    const nextId = orderIds(`baseline-${index}`);
    const record = RECORD_LINE[name.pattern];
    const call = async (caller: number): Promise<number> => {
      const client = clients[caller];
      if (client === undefined) throw new Error(`there is no connection for caller ${caller}`);
      await record(client, { orderId: nextId(), sku: nextSku(), quantity: 1 });
      return 1;
    };
    return { name, measure: (span) => closedLoop({ callers: name.callers, call }, span) };
  });
}
