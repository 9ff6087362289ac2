import type { KeyedRandom } from "../../keyed-random.ts";
import type { ReturnLine as WarehouseReturnLine, WarehouseReturn } from "../../warehouse/documents.ts";
import type { Warehouse } from "../../warehouse/warehouse.ts";
import type { ShipHeroFaults } from "../faults.ts";
import { History } from "../history.ts";
import type { Identifiers } from "../identifiers.ts";
import type { Order } from "../orders/order.ts";

interface ReturnLine {
  legacyId: number;
  sku: string;
}

export interface Return {
  legacyId: number;
  worldId: string;
  facility: string;
  /** Null for goods that simply came. */
  order: Order | null;
  lines: ReturnLine[];
  createdAt: number;
  updatedAt: number;
}

/** A return as it stood at some time: cumulative. */
export interface ReturnView {
  goods: Return;
  status: "pending" | "complete";
  updatedAt: number;
  lines: { line: ReturnLine; quantity: number; received: number; restocked: number }[];
}

interface ReturnParts {
  now: () => number;
  random: KeyedRandom;
  faults: ShipHeroFaults;
  ids: Identifiers;
  warehouse: Warehouse;
}

/** The vendor's returns. Of what became of a unit it tells only whether it was restocked. */
export class ReturnBook {
  readonly #parts: ReturnParts;
  readonly #byWorldId = new Map<string, Return>();
  readonly #views: History<number, ReturnView>;
  readonly #dirty = new Set<Return>();

  constructor(parts: ReturnParts) {
    this.#parts = parts;
    this.#views = new History(parts);
  }

  open(worldId: string, facility: string, order: Order | null): Return {
    const at = this.#parts.now();
    const legacyId = this.#parts.ids.next("Return");
    const goods: Return = { legacyId, worldId, facility, order, lines: [], createdAt: at, updatedAt: at };
    this.#byWorldId.set(worldId, goods);
    this.#dirty.add(goods);
    return goods;
  }

  ofWorld(worldId: string): Return | undefined {
    return this.#byWorldId.get(worldId);
  }

  touch(goods: Return): void {
    goods.updatedAt = this.#parts.now();
    this.#dirty.add(goods);
  }

  viewOf({ legacyId }: Return): ReturnView {
    this.#refresh();
    const view = this.#views.latest(legacyId);
    if (view === undefined) throw new Error(`return ${legacyId} was never looked at`);
    return view;
  }

  read(legacyId: number | undefined): ReturnView | undefined {
    this.#refresh();
    return legacyId === undefined ? undefined : this.#views.read(legacyId);
  }

  readAll(): ReturnView[] {
    this.#refresh();
    return this.#views.readAll();
  }

  #refresh(): void {
    for (const goods of this.#dirty) this.#views.put(goods.legacyId, this.#draw(goods), goods.updatedAt);
    this.#dirty.clear();
  }

  /** The line of an item, made when goods of it first are on the papers. */
  #lineOf(goods: Return, sku: string): ReturnLine {
    const known = goods.lines.find((line) => line.sku === sku);
    if (known !== undefined) return known;
    const line = { legacyId: this.#parts.ids.next("ReturnItem"), sku };
    goods.lines.push(line);
    return line;
  }

  #draw(goods: Return): ReturnView {
    const source: WarehouseReturn | undefined = this.#parts.warehouse.returns.get(goods.worldId);
    const lines = (source?.lines ?? []).map((line: WarehouseReturnLine) => ({
      line: this.#lineOf(goods, line.item),
      quantity: line.expected,
      received: line.arrived,
      restocked: line.dispositions.restock,
    }));
    const status = source?.state === "closed" ? "complete" : "pending";
    return { goods, status, updatedAt: goods.updatedAt, lines };
  }
}
