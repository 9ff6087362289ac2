import { z } from "zod";

const probability = z.number().min(0).max(1).default(0);

/** Simulated milliseconds, drawn between both ends; null: nobody does it by himself. */
const delay = z
  .strictObject({ min: z.number().min(0), max: z.number().min(0) })
  .refine(({ min, max }) => min <= max, "min must not be above max")
  .nullable()
  .default(null);

/** Expected times a day, per item and facility. */
const perDay = z.number().min(0).max(24).default(0);

/**
 * `PUT /_sim/warehouse/floor`: what people in the building do by themselves. Replaces what was set before;
 * without any of it nothing happens but by a call.
 */
export const floorSettingsSchema = z.strictObject({
  /** From the allocation, the pick, the packing. */
  pickAfterMs: delay,
  packAfterMs: delay,
  shipAfterMs: delay,
  /** From the cancellation of picked units. */
  putBackAfterMs: delay,
  /** `ship`: an order that cannot be filled leaves with what there is, and the rest is cancelled. */
  shortOrders: z.enum(["hold", "ship"]).default("hold"),
  /** Of a line: one unit that stands there is not seen; another item is taken for one unit. */
  unseenPick: probability,
  mispick: probability,
  /** Of an order of several units: it leaves in two shipments. */
  splitShipment: probability,
  /** From the announcement, the arrival, the count at the dock. */
  inboundArrivesAfterMs: delay,
  receiveAfterMs: delay,
  stowAfterMs: delay,
  /** Of a line: a unit too few or too many comes, one is damaged, one is counted that did not come. */
  shortReceipt: probability,
  overReceipt: probability,
  damagedReceipt: probability,
  miscountedReceipt: probability,
  /** Of a line: it is counted and stowed in two steps. */
  splitReceipt: probability,
  /** From the announcement, the arrival. */
  returnArrivesAfterMs: delay,
  inspectAfterMs: delay,
  /** Of each returned unit; the rest is restocked. `missing` of each announced unit. */
  missingReturn: probability,
  quarantineReturn: probability,
  disposeReturn: probability,
  lossesPerDay: perDay,
  findsPerDay: perDay,
  damagesPerDay: perDay,
  countsPerDay: perDay,
  /** Units that one loss, find or damage is about: from 1 up to this. */
  mostUnits: z.number().int().min(1).max(1_000).default(1),
});

export type FloorSetup = z.input<typeof floorSettingsSchema>;
export type FloorSettings = z.infer<typeof floorSettingsSchema>;

/** A delay that may be set. */
export type FloorDelay = FloorSettings["pickAfterMs"];
