import type { Disposition, WarehouseReturn } from "../documents.ts";
import { arriveReturn, type InspectedLine, inspectReturn } from "../return-acts.ts";
import type { Warehouse } from "../warehouse.ts";
import type { FloorSettings } from "./floor-settings.ts";
import type { FloorStep } from "./floor.ts";

const by = "floor";

/** Units of each line that are in the parcel. */
function arrivingUnits(
  warehouse: Warehouse,
  { missingReturn }: FloorSettings,
  { id, lines }: WarehouseReturn,
): { item: string; units: number }[] {
  return lines.map(({ item, expected }) => {
    let units = 0;
    for (let unit = 0; unit < expected; unit += 1) {
      if (!warehouse.random.chance(`floor|return|${id}|${item}|missing|${unit}`, missingReturn)) units += 1;
    }
    return { item, units };
  });
}

function dispositionOf(warehouse: Warehouse, settings: FloorSettings, key: string): Disposition {
  const draw = warehouse.random.uniform(key);
  if (draw < settings.disposeReturn) return "dispose";
  return draw < settings.disposeReturn + settings.quarantineReturn ? "quarantine" : "restock";
}

function inspectedLines(
  warehouse: Warehouse,
  settings: FloorSettings,
  goods: WarehouseReturn,
): InspectedLine[] {
  return goods.lines.map(({ item, expected, arrived, dispositions }) => {
    const { restock, quarantine, dispose, missing } = dispositions;
    const decided = restock + quarantine + dispose;
    const line = {
      item,
      restock: 0,
      quarantine: 0,
      dispose: 0,
      missing: Math.max(0, expected - arrived) - missing,
    };
    for (let unit = decided; unit < arrived; unit += 1) {
      line[dispositionOf(warehouse, settings, `floor|return|${goods.id}|${item}|disposition|${unit}`)] += 1;
    }
    return { ...line, missing: Math.max(0, line.missing) };
  });
}

/** What somebody does next with a return. */
export function returnStep(warehouse: Warehouse, settings: FloorSettings, id: string): FloorStep | undefined {
  const goods = warehouse.returns.get(id);
  if (goods === undefined || goods.state === "closed" || goods.state === "cancelled") return undefined;
  if (goods.state === "announced") {
    return {
      name: "arrive",
      after: settings.returnArrivesAfterMs,
      nth: 0,
      run: () => arriveReturn(warehouse, { id, by, lines: arrivingUnits(warehouse, settings, goods) }),
    };
  }
  return {
    name: "inspect",
    after: settings.inspectAfterMs,
    nth: 0,
    run: () => inspectReturn(warehouse, { id, by, lines: inspectedLines(warehouse, settings, goods) }),
  };
}
