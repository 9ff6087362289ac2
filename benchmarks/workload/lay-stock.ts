import type { Command } from "@onepool/core/ledger/command.ts";
import { MAX_UNITS } from "@onepool/core/ledger/units.ts";
import type { Ledger } from "@onepool/server/ledger/ledger.ts";

import { skuCode } from "./sku-draw.ts";
import { submitWhole } from "./submit-whole.ts";

const COMMANDS_PER_SUBMISSION = 1_000;

/** Makes this many SKUs with so many units each that no bench sells them out. */
export async function layStock(ledger: Ledger, sellerId: number, skus: number): Promise<void> {
  const half = COMMANDS_PER_SUBMISSION / 2;
  for (let first = 0; first < skus; first += half) {
    const codes = Array.from({ length: Math.min(half, skus - first) }, (_, offset) =>
      skuCode(first + offset),
    );
    await submitWhole(ledger, { sellerId, commands: codes.flatMap(skuWithStock) });
  }
}

function skuWithStock(sku: string): readonly Command[] {
  return [
    { kind: "put_sku", sku, attributes: { title: `Product ${sku}` } },
    {
      kind: "movement",
      movement: "receipt",
      sku,
      location: "main",
      units: MAX_UNITS,
      externalId: `open/${sku}`,
    },
  ];
}
