import type { Command } from "@onepool/core/ledger/command.ts";
import { MAX_UNITS } from "@onepool/core/ledger/units.ts";
import type { Ledger } from "@onepool/server/ledger/ledger.ts";

import { skuCode } from "./sku-draw.ts";
import { submitWhole } from "./submit-whole.ts";

const COMMANDS_PER_SUBMISSION = 1_000;

/** SKUs to make, and how much there is of each: so much that no bench sells them out, unless it says otherwise. */
export interface Stock {
  readonly skus: number;
  readonly unitsEach?: number;
}

/** Makes SKUs with stock at `main`. */
export async function layStock(ledger: Ledger, sellerId: number, stock: Stock): Promise<void> {
  const { skus, unitsEach = MAX_UNITS } = stock;
  const half = COMMANDS_PER_SUBMISSION / 2;
  for (let first = 0; first < skus; first += half) {
    const codes = Array.from({ length: Math.min(half, skus - first) }, (_, offset) =>
      skuCode(first + offset),
    );
    await submitWhole(ledger, { sellerId, commands: codes.flatMap((sku) => skuWithStock(sku, unitsEach)) });
  }
}

function skuWithStock(sku: string, units: number): readonly Command[] {
  return [
    { kind: "put_sku", sku, attributes: { title: `Product ${sku}` } },
    {
      kind: "movement",
      movement: "receipt",
      sku,
      location: "main",
      units,
      externalId: `open/${sku}`,
    },
  ];
}
