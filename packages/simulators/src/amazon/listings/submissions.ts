import type { World } from "../world.ts";
import { patched } from "./attribute-patch.ts";
import type { Listing } from "./listing.ts";
import { priceIn } from "./patch-issues.ts";
import type { PatchRequest } from "./patch-request.ts";
import { setLive } from "./stock-change.ts";

interface History {
  submissions: number;
  /** When the last submission that waits its turn takes effect. */
  appliedAt: number;
}

/** Per listing: submissions are applied in the order accepted (ASSUMED), unless a fault reorders them. */
const histories = new WeakMap<Listing, History>();

/** What a submission will do to what buyers see. */
interface Effect {
  /** null takes the channel off. */
  quantities: { channelCode: string; quantity: number | null }[];
  price: number | undefined;
}

interface Availability {
  fulfillment_channel_code?: unknown;
  quantity?: unknown;
}

/** The channels a patch names and what each shall show afterwards. A merge without quantity changes none. */
function quantitiesIn({ patches }: PatchRequest): Effect["quantities"] {
  return patches
    .filter(({ attribute }) => attribute === "fulfillment_availability")
    .flatMap(({ op, value = [] }) =>
      (value as Availability[]).flatMap(({ fulfillment_channel_code: code, quantity }) => {
        const channelCode = String(code);
        if (op === "delete") return { channelCode, quantity: null };
        if (typeof quantity === "number") return { channelCode, quantity };
        // ASSUMED: a replace that drops the quantity leaves nothing to buy.
        return op === "merge" ? [] : { channelCode, quantity: 0 };
      }),
    );
}

function effectOf(listing: Listing, request: PatchRequest): Effect {
  const whole = request.patches.some(
    ({ op, attribute, value }) =>
      op === "delete" && attribute === "fulfillment_availability" && value === undefined,
  );
  const gone = whole
    ? [...listing.channels.keys()].map((channelCode) => ({ channelCode, quantity: null }))
    : [];
  const prices = request.patches
    .filter(({ op, attribute }) => attribute === "purchasable_offer" && op !== "delete")
    .flatMap(({ value = [] }) => value.map(priceIn))
    .filter((price) => typeof price === "number");
  return { quantities: [...gone, ...quantitiesIn(request)], price: prices.at(-1) };
}

function store(listing: Listing, { patches }: PatchRequest): void {
  for (const patch of patches) {
    const entries = patched(listing.attributes[patch.attribute] ?? [], patch);
    if (entries.length === 0) delete listing.attributes[patch.attribute];
    else listing.attributes[patch.attribute] = entries;
  }
}

/** Most submissions take effect within seconds, a share of them after minutes or hours. */
function drawDelayMs(world: World, key: string): number {
  const { writeApplyMs, writeTail } = world.settings;
  const draw = world.random.uniform(`${key}|delay`);
  if (world.random.chance(`${key}|tail`, writeTail.share)) {
    return Math.round(writeTail.minMs + draw * (writeTail.maxMs - writeTail.minMs));
  }
  return Math.round(writeApplyMs.min + draw * (writeApplyMs.max - writeApplyMs.min));
}

/** When a submission takes effect; undefined if it never does. */
function drawEffectAt(world: World, history: History, key: string): number | undefined {
  const { lost, reorder, reorderMs } = world.faults.current().submissions;
  if (world.random.chance(`${key}|lost`, lost)) return undefined;
  const due = world.clock.now() + drawDelayMs(world, key);
  // Held back, and nobody waits for it: a later submission may take effect first.
  if (world.random.chance(`${key}|reorder`, reorder)) return due + reorderMs;
  history.appliedAt = Math.max(due, history.appliedAt);
  return history.appliedAt;
}

function applyAt(world: World, at: number, apply: () => void): void {
  const waitMs = at - world.clock.now();
  if (waitMs <= 0) apply();
  else world.clock.schedule(waitMs, apply);
}

/**
 * Accepts a patch. What was submitted is stored at once; what buyers see is overwritten when it takes effect, with
 * the number asked for, whatever was sold in between.
 */
export function accept(world: World, listing: Listing, request: PatchRequest, ignored: boolean): void {
  store(listing, request);
  const history = histories.get(listing) ?? { submissions: 0, appliedAt: 0 };
  histories.set(listing, history);
  history.submissions += 1;
  const key = `apply|${listing.account}|${listing.marketplaceId}|${listing.sku}|${history.submissions}`;
  const effectAt = drawEffectAt(world, history, key);
  if (ignored || effectAt === undefined) return;
  const requestedAt = world.clock.now();
  const { quantities, price } = effectOf(listing, request);
  applyAt(world, effectAt, () => {
    for (const { channelCode, quantity } of quantities) {
      const cause = { cause: "write" as const, quantity: quantity ?? 0, requestedAt };
      setLive(world, { listing, channelCode }, quantity, cause);
    }
  });
  if (price === undefined) return;
  // Reported: one submission's quantity is applied before its price, so units sell at the old price meanwhile.
  const priceAt = quantities.length === 0 ? effectAt : effectAt + drawDelayMs(world, `${key}|price`);
  applyAt(world, priceAt, () => {
    Object.assign(listing, { price, lastUpdatedAt: world.clock.now() });
  });
}
