import type { Warehouse } from "../warehouse.ts";
import {
  type FloorDelay,
  type FloorSettings,
  floorSettingsSchema,
  type FloorSetup,
} from "./floor-settings.ts";
import { happenings } from "./happenings.ts";
import { inboundStep } from "./inbound-step.ts";
import { orderStep } from "./order-step.ts";
import { returnStep } from "./return-step.ts";

const HOUR_MS = 3_600_000;

/** What somebody on the floor does next with a document. */
export interface FloorStep {
  name: string;
  after: FloorDelay;
  /** How often the same step has been done on this document: keeps its draws apart. */
  nth: number;
  run: (key: string) => void;
}

/** The people in the building: they pick, pack, ship, receive, inspect, and lose things. */
export interface Floor {
  settings(): FloorSettings;
  replace(setup: FloorSetup): void;
  close(): void;
}

/** Starts the people of a warehouse. Every draw is keyed by what it is for, so that a seed gives the same days again. */
export function createFloor(warehouse: Warehouse, setup: FloorSetup = {}): Floor {
  const { clock, random } = warehouse;
  let settings = floorSettingsSchema.parse(setup);
  let closed = false;
  let hours = 0;
  let ticking = false;
  const planned = new Set<string>();

  const nextStep = (kind: string, id: string): FloorStep | undefined => {
    if (kind === "order") return orderStep(warehouse, settings, id);
    if (kind === "inbound") return inboundStep(warehouse, settings, id);
    return kind === "return" ? returnStep(warehouse, settings, id) : undefined;
  };

  /** Plans the next step of a document, once. What it is then worth doing is looked up again when its time has come. */
  const consider = (kind: string, id: string): void => {
    const step = nextStep(kind, id);
    if (closed || step === undefined || step.after === null) return;
    const key = `floor|${kind}|${id}|${step.name}|${step.nth}`;
    if (planned.has(key)) return;
    planned.add(key);
    clock.schedule(random.between(key, step.after.min, step.after.max), () => {
      planned.delete(key);
      const due = nextStep(kind, id);
      const isStillDue = due?.name === step.name && due.nth === step.nth && due.after !== null;
      if (!closed && isStillDue) due.run(key);
    });
  };

  // Not within the act: its figures are still on the move then.
  warehouse.journal.subscribe(({ document }) => {
    if (document === null || closed) return;
    const { kind, id } = document;
    clock.schedule(0, () => consider(kind, id));
  });

  const tick = (): void => {
    ticking = false;
    if (closed) return;
    hours += 1;
    happenings(warehouse, settings, hours);
    tickOn();
  };
  const tickOn = (): void => {
    const { lossesPerDay, findsPerDay, damagesPerDay, countsPerDay } = settings;
    if (ticking || lossesPerDay + findsPerDay + damagesPerDay + countsPerDay === 0) return;
    ticking = true;
    clock.schedule(HOUR_MS, tick);
  };

  const considerAll = (): void => {
    for (const id of warehouse.orders.keys()) consider("order", id);
    for (const id of warehouse.inbounds.keys()) consider("inbound", id);
    for (const id of warehouse.returns.keys()) consider("return", id);
    tickOn();
  };
  considerAll();

  return {
    settings: () => settings,
    replace(next) {
      settings = floorSettingsSchema.parse(next);
      considerAll();
    },
    close: () => {
      closed = true;
    },
  };
}
