// Tells a ledger's story in tests: commands in, entries numbered and applied, refusals kept. Complete state, no database.
import type { Command, Movement } from "../command.ts";
import { decide } from "../decide.ts";
import type { Decision, EntryDraft } from "../entry.ts";
import { LedgerState } from "../ledger-state.ts";
import type { OrderReport, Source } from "../order-record.ts";

/** 2026-11-23T10:00:00Z: the recorded time of every story unless it says otherwise. */
export const NOON = 1_795_428_000_000;

export interface NumberedEntry {
  readonly seq: number;
  readonly entry: EntryDraft;
}

/** The six figures of a pool, as the availability call shows them. */
export interface PoolFigures {
  readonly onHand: number;
  readonly available: number;
  readonly reserved: number;
  readonly committed: number;
  readonly qualityControl: number;
  readonly damaged: number;
  readonly returning: number;
}

export class LedgerStory {
  readonly state = new LedgerState({ complete: true });
  readonly entries: NumberedEntry[] = [];
  now = NOON;

  /** A ledger with location `main` and the named SKUs. */
  static withSkus(...skus: readonly string[]): LedgerStory {
    const story = new LedgerStory();
    story.tell({ kind: "put_location", code: "main", locationKind: "warehouse" });
    for (const sku of skus) story.tell({ kind: "put_sku", sku, attributes: {} });
    return story;
  }

  tell(command: Command): Decision {
    const decision = decide(this.state, command, this.now);
    if (decision.ok && "entries" in decision) {
      for (const entry of decision.entries) {
        const seq = this.entries.length + 1;
        this.state.apply(entry, seq);
        this.entries.push({ seq, entry });
      }
    }
    return decision;
  }

  order(
    report: Partial<OrderReport> & Pick<OrderReport, "status" | "lines">,
    source: Source = "channel",
  ): Decision {
    return this.tell({ kind: "order", source, order: { channel: "web", orderId: "A-1", ...report } });
  }

  receive(sku: string, units: number, externalId = `receipt-${this.entries.length}`): Decision {
    return this.tell({
      kind: "movement",
      movement: "receipt",
      sku,
      location: "main",
      units,
      externalId,
      occurredAt: this.now,
    });
  }

  move<K extends Movement["movement"]>(
    movement: K,
    rest: Omit<Extract<Movement, { movement: K }>, "kind" | "movement">,
  ): Decision {
    return this.tell({ kind: "movement", movement, ...rest } as unknown as Movement);
  }

  pool(sku: string): PoolFigures {
    const figures = {
      onHand: 0,
      available: this.state.available(sku),
      reserved: 0,
      committed: 0,
      qualityControl: 0,
      damaged: 0,
      returning: 0,
    };
    const add = {
      reserved: "reserved",
      committed: "committed",
      returning: "returning",
      quality_control: "qualityControl",
      damaged: "damaged",
    } as const;
    for (const { bucket, units } of this.state.accountsOf(sku)?.values() ?? []) {
      if (bucket === "sellable" || bucket === "quality_control" || bucket === "damaged")
        figures.onHand += units;
      if (bucket !== "sellable" && bucket !== "incoming") figures[add[bucket]] += units;
    }
    return figures;
  }
}
