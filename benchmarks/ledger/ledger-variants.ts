import type { Command } from "@onepool/core/ledger/command.ts";

import type { BenchLedger } from "../database/open-bench-ledger.ts";
import { closedLoop } from "../measure/closed-loop.ts";
import type { Variant } from "../measure/interleave.ts";
import { orderIds } from "../workload/order-ids.ts";
import type { Setting } from "../workload/setting.ts";
import { skuDraw } from "../workload/sku-draw.ts";
import { submitWhole } from "../workload/submit-whole.ts";

/** The ledger called in this process, without HTTP. */
export interface ThroughLedger extends Setting {
  readonly kind: "ledger";
}

/** One variant per setting; each makes orders of its own. */
export function ledgerVariants(
  { ledger, sellerId }: BenchLedger,
  settings: readonly Setting[],
  skus: number,
): readonly Variant<ThroughLedger>[] {
  return settings.map((setting, index) => {
    const nextSku = skuDraw(setting.spread, skus, index);
    const nextId = orderIds(`ledger-${index}`);
    const call = (): Promise<number> => {
      const commands = Array.from({ length: setting.ordersPerCall }, () => order(nextId(), nextSku()));
      return submitWhole(ledger, { sellerId, commands });
    };
    return {
      name: { kind: "ledger", ...setting },
      measure: (span) => closedLoop({ callers: setting.callers, call }, span),
    };
  });
}

function order(orderId: string, sku: string): Command {
  const now = Date.now();
  return {
    kind: "order",
    source: "api",
    order: {
      channel: "web",
      orderId,
      status: "paid",
      updatedAt: now,
      placedAt: now,
      lines: [{ lineId: "1", sku, quantity: 1 }],
    },
  };
}
