// Predicts from the warehouses' own books alone what Onepool must say of every place. Imports nothing of the server.
import type { OnepoolClient } from "./onepool-client.ts";
import { KEEPERS, type KeeperCode, type SimulatedKeepers } from "./simulated-keepers.ts";

/** What is really in a warehouse of one SKU, in units. */
interface TrueStock {
  /** On the shelf. */
  readonly sellable: number;
  /** Off the shelf, and still in the building: in totes and at the dock. */
  readonly underWay: number;
  /** By what the keeper's record differs from it. */
  readonly recordError: number;
}

/** The books of a warehouse, by SKU. */
function trueStock(keepers: SimulatedKeepers, keeper: KeeperCode): Map<string, TrueStock> {
  const { stocks } = worldOf(keepers, keeper);
  return new Map(
    stocks.map(({ item, physical, recordError }) => [
      item,
      { sellable: physical.shelf, underWay: physical.tote + physical.dock + physical.returns, recordError },
    ]),
  );
}

/** By `keeper/sku`. */
type UnitsByPlace = Map<string, number>;

/**
 * Units that came onto the shelf or went from it with no order, delivery or return behind it: the opening, what was lost, found,
 * damaged and counted. A faithful reader books just these as drift.
 */
export async function unexplainedUnits(keepers: SimulatedKeepers): Promise<UnitsByPlace> {
  const units: UnitsByPlace = new Map();
  for (const keeper of KEEPERS) {
    for (const { item, document, before, after } of await keepers.events(keeper)) {
      if (item === null || document !== null || before === null || after === null) continue;
      add(units, `${keeper}/${item}`, after.record.shelf - before.record.shelf);
    }
  }
  return units;
}

/** Where units come from and go to that no order, delivery or return tells of. */
const UNEXPLAINED = new Set(["variance", "damaged"]);

/** Units that Onepool booked so among what is sellable, from the first to the last movement. */
export async function bookedDrift(client: OnepoolClient): Promise<UnitsByPlace> {
  const units: UnitsByPlace = new Map();
  for (let cursor: string | null = ""; cursor !== null;) {
    const after: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = (await client.get(`/v1/movements?limit=200${after}`)) as unknown as MovementPage;
    for (const { counterpart, bucket, location, sku, units: moved } of page.movements)
      if (UNEXPLAINED.has(counterpart) && bucket === "sellable") add(units, `${location}/${sku}`, moved);
    cursor = page.nextCursor;
  }
  return units;
}

interface MovementPage {
  readonly movements: readonly {
    readonly sku: string;
    readonly location: string | null;
    readonly bucket: string;
    readonly counterpart: string;
    readonly units: number;
  }[];
  readonly nextCursor: string | null;
}

function add(units: UnitsByPlace, key: string, more: number): void {
  const sum = (units.get(key) ?? 0) + more;
  if (sum === 0) units.delete(key);
  else units.set(key, sum);
}

function worldOf(keepers: SimulatedKeepers, keeper: KeeperCode) {
  return keeper === "bob" ? keepers.bob.truth() : keepers.hero.truth();
}

interface SaidLocation {
  readonly location: string;
  readonly sellable: number;
}

/** What Onepool says of a SKU. */
export interface SaidPool {
  readonly sku: string;
  readonly available: number;
  readonly reserved: number;
  readonly committed: number;
  readonly returning: number;
  readonly locations: readonly SaidLocation[];
}

/** All that has to hold of the warehouses once nothing moves in them any more; each finding is a sentence. */
export async function auditKeepers(keepers: SimulatedKeepers, client: OnepoolClient): Promise<string[]> {
  const findings: string[] = [];
  for (const keeper of KEEPERS) {
    for (const [sku, { sellable, underWay, recordError }] of trueStock(keepers, keeper)) {
      const said = (await client.get(`/v1/skus/${sku}/availability`)) as unknown as SaidPool;
      const here = said.locations.find(({ location }) => location === keeper)?.sellable ?? 0;
      if (underWay > 0) findings.push(`${underWay} of ${sku} are under way in ${keeper}'s building`);
      if (recordError !== 0) findings.push(`${keeper}'s record of ${sku} is wrong by ${recordError}`);
      if (here !== sellable)
        findings.push(`${sku} at ${keeper}: Onepool has ${here} sellable, ${sellable} stand on the shelf`);
    }
  }
  return findings;
}
