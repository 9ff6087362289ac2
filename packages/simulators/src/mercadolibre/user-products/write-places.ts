import { recordShown, spreadShared } from "../items/stock-change.ts";
import type { World } from "../world.ts";
import { touchShared } from "./shared-stock.ts";
import { type StockLocation, totalOf, type UserProduct } from "./user-product.ts";

/** When the last write of each user product takes effect: a later write never overtakes an earlier one (ASSUMED). */
const appliedAt = new WeakMap<UserProduct, number>();

function apply(world: World, product: UserProduct, places: StockLocation[], requestedAt: number): void {
  product.locations = places;
  touchShared(world, product, { bumps: false });
  const [first] = product.offers.filter(({ item }) => item.status !== "closed");
  if (first !== undefined) {
    recordShown(world, [first], { cause: "write", quantity: totalOf(product), requestedAt });
  }
  spreadShared(world, product, { cause: "write", requestedAt });
}

/** Sets the places that the seller wrote: the version is new at once, the units after the marketplace's own delay. */
export function writePlaces(world: World, product: UserProduct, places: StockLocation[]): void {
  product.version += 1;
  const requestedAt = world.clock.now();
  const { min, max } = world.settings.writeApplyMs;
  if (max === 0) return apply(world, product, places, requestedAt);
  const draw = world.random.uniform(`apply|${product.id}|${product.version}`);
  const applyAt = Math.max(requestedAt + Math.round(min + draw * (max - min)), appliedAt.get(product) ?? 0);
  appliedAt.set(product, applyAt);
  world.clock.schedule(applyAt - requestedAt, () => apply(world, product, places, requestedAt));
}
