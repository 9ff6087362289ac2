import { type ActOutcome, done, type Refusal, refused } from "./act-outcome.ts";
import { settleAllocations } from "./allocation.ts";
import type { ActName, WarehouseEvent } from "./journal.ts";
import { recordedFree, recordError, type Stock } from "./stock.ts";
import { changeStock, seenChange, stockAt, type StockChange, type Warehouse } from "./warehouse.ts";

/** An act on units of one item at one facility. */
export interface StockAct {
  facility: string;
  item: string;
  units: number;
  by?: string | undefined;
  reason?: string | undefined;
}

/** An act that the keeper may or may not notice. Unnoticed, the record stays as it was until a count. */
export interface NoticeableAct extends StockAct {
  noticed?: boolean | undefined;
}

type Acted = ActOutcome<{ event: WarehouseEvent }>;

/** Why an act names a place or thing that does not exist, if it does. */
export function refusalOfPlace(warehouse: Warehouse, facility: string, items: string[]): Refusal | undefined {
  if (!warehouse.facilities.has(facility)) return "unknown_facility";
  return items.every((item) => warehouse.items.has(item)) ? undefined : "unknown_item";
}

interface PlannedAct {
  name: ActName;
  /** Undefined: it cannot be done with what is there. */
  plan: (stock: Stock, units: number) => StockChange | undefined;
}

function doAct(warehouse: Warehouse, act: StockAct, { name, plan }: PlannedAct): Acted {
  const refusal = refusalOfPlace(warehouse, act.facility, [act.item]);
  if (refusal !== undefined) return refused(refusal);
  const stock = stockAt(warehouse, act.facility, act.item);
  const change = plan(stock, act.units);
  if (change === undefined) return refused("not_enough");
  const { by = "control", units, reason } = act;
  const event = changeStock(warehouse, stock, change, { act: name, by, units, reason });
  settleAllocations(warehouse, stock);
  return done({ event });
}

/** Lays units on the shelf as the world's beginning; facility and item come into being with it. */
export function layStock(warehouse: Warehouse, act: StockAct): Acted {
  warehouse.facilities.add(act.facility);
  warehouse.items.add(act.item);
  return doAct(warehouse, act, {
    name: "laid",
    plan: (_, units) => seenChange({ shelf: units }, { opening: units }),
  });
}

/** Units vanish from the shelf. Noticed, they are written off at once. */
export function loseUnits(warehouse: Warehouse, act: NoticeableAct): Acted {
  return doAct(warehouse, act, {
    name: "lost",
    plan: ({ physical, record }, units) => {
      if (physical.shelf < units || (act.noticed === true && record.shelf < units)) return undefined;
      const gone = { shelf: -units };
      if (act.noticed !== true) return { physical: gone, totals: { lost: units } };
      return seenChange(gone, { lost: units, recordCorrections: -units });
    },
  });
}

/** Units turn up on the shelf that the world had not counted as inside. */
export function findUnits(warehouse: Warehouse, act: NoticeableAct): Acted {
  return doAct(warehouse, act, {
    name: "found",
    plan: (_, units) => {
      if (act.noticed !== true) return { physical: { shelf: units }, totals: { found: units } };
      return seenChange({ shelf: units }, { found: units, recordCorrections: units });
    },
  });
}

/** Units on the shelf break; they stay inside. */
export function damageUnits(warehouse: Warehouse, act: NoticeableAct): Acted {
  return doAct(warehouse, act, {
    name: "damaged",
    plan: ({ physical, record }, units) => {
      if (physical.shelf < units || (act.noticed === true && record.shelf < units)) return undefined;
      const broken = { shelf: -units, damaged: units };
      if (act.noticed !== true) return { physical: broken, totals: { damaged: units } };
      return seenChange(broken, { damaged: units });
    },
  });
}

/** Takes units off sale without a fault found. */
export function holdUnits(warehouse: Warehouse, act: StockAct): Acted {
  return doAct(warehouse, act, {
    name: "held",
    plan: ({ physical, record }, units) =>
      Math.min(physical.shelf, record.shelf) < units
        ? undefined
        : seenChange({ shelf: -units, quarantine: units }),
  });
}

/** Puts held units back on sale. */
export function releaseUnits(warehouse: Warehouse, act: StockAct): Acted {
  return doAct(warehouse, act, {
    name: "released",
    plan: ({ physical, record }, units) =>
      Math.min(physical.quarantine, record.quarantine) < units
        ? undefined
        : seenChange({ shelf: units, quarantine: -units }),
  });
}

/** Destroys damaged or held units. */
export function disposeUnits(
  warehouse: Warehouse,
  act: StockAct & { from: "damaged" | "quarantine" },
): Acted {
  return doAct(warehouse, act, {
    name: "disposed",
    plan: ({ physical, record }, units) =>
      Math.min(physical[act.from], record[act.from]) < units
        ? undefined
        : seenChange({ [act.from]: -units }, { disposed: units }),
  });
}

/** A count of one item. `counted` is what is written down for the shelf where somebody miscounts. */
export interface CountAct extends Omit<StockAct, "units"> {
  counted?: number | undefined;
}

/**
 * Somebody counts what stands on shelf, quarantine and damaged, and the record becomes what was counted. What
 * stands at the dock, in totes or among the returns is not counted.
 */
export function countItem(
  warehouse: Warehouse,
  act: CountAct,
): ActOutcome<{ event: WarehouseEvent; error: number }> {
  const refusal = refusalOfPlace(warehouse, act.facility, [act.item]);
  if (refusal !== undefined) return refused(refusal);
  const stock = stockAt(warehouse, act.facility, act.item);
  const { physical, record } = stock;
  const shelf = (act.counted ?? physical.shelf) - record.shelf;
  const quarantine = physical.quarantine - record.quarantine;
  const damaged = physical.damaged - record.damaged;
  const units = shelf + quarantine + damaged;
  const event = changeStock(
    warehouse,
    stock,
    {
      record: { shelf, quarantine, damaged, investigation: -record.investigation },
      totals: { recordCorrections: units },
    },
    { act: "counted", by: act.by ?? "control", units, reason: act.reason },
  );
  settleAllocations(warehouse, stock);
  return done({ event, error: recordError(stock) });
}

/** Whether both the record and the shelf can give so many units for something other than an order. */
export function canTake(stock: Stock, units: number): boolean {
  return units > 0 && stock.physical.shelf >= units && recordedFree(stock) >= units;
}
