import type { Seller } from "../seller.ts";
import type { World } from "../world.ts";
import { rulesOf } from "./site-rules.ts";

const DAY_MS = 86_400_000;
/** Looked back on where the usual window holds too few sales. */
const LONG_WINDOW_DAYS = 365;

/** The lighter green between the first two has no limits of its own on the page. */
type ReputationLevel = "5_green" | "3_yellow" | "2_orange" | "1_red";

/** What a seller's cancellations cost. Limits count as still allowed (inclusive or not is UNVERIFIED). */
interface Reputation {
  account: string;
  siteId: string;
  windowDays: number;
  /** Closed sales in the window, cancelled ones included. */
  sales: number;
  /** Sales that the seller cancelled, and nobody else. */
  sellerCancellations: number;
  /** From 0 to 1. */
  rate: number;
  level: ReputationLevel;
  mayBeLeader: boolean;
  /** How many own cancellations these sales allow. */
  allowedForLeader: number;
  allowedForGreen: number;
}

interface Counted {
  sales: number;
  cancellations: number;
}

function countSince(world: World, account: string, since: number): Counted {
  let sales = 0;
  let cancellations = 0;
  for (const order of world.orders.values()) {
    if (order.account !== account || order.closedAt === null || order.createdAt < since) continue;
    // The successors of a split pack are the sales; what was split is not one.
    if (order.cancelDetail?.code === "pack_splitted") continue;
    sales += 1;
    if (order.cancelDetail?.requestedBy === "seller") cancellations += 1;
  }
  return { sales, cancellations };
}

/** Whole numbers on both sides, or halves: no share that rounds to just above its limit. */
function isWithin({ sales, cancellations }: Counted, percent: number): boolean {
  return cancellations * 100 <= percent * sales;
}

function levelOf(
  counted: Counted,
  [, green, yellow, orange]: readonly [number, number, number, number],
): ReputationLevel {
  if (isWithin(counted, green)) return "5_green";
  if (isWithin(counted, yellow)) return "3_yellow";
  return isWithin(counted, orange) ? "2_orange" : "1_red";
}

/** A seller's standing by the rule of their site. */
export function reputationOf(world: World, seller: Seller): Reputation {
  const { windowDays, fewestSales, cancellations: limits } = rulesOf(seller.siteId);
  const now = world.clock.now();
  const recent = countSince(world, seller.account, now - windowDays * DAY_MS);
  const isShort = recent.sales >= fewestSales;
  const counted = isShort ? recent : countSince(world, seller.account, now - LONG_WINDOW_DAYS * DAY_MS);
  const { sales, cancellations } = counted;
  const rate = sales === 0 ? 0 : cancellations / sales;
  const [leader, green] = limits;
  return {
    account: seller.account,
    siteId: seller.siteId,
    windowDays: isShort ? windowDays : LONG_WINDOW_DAYS,
    sales,
    sellerCancellations: cancellations,
    rate,
    level: levelOf(counted, limits),
    mayBeLeader: isWithin(counted, leader),
    allowedForLeader: Math.floor((sales * leader) / 100),
    allowedForGreen: Math.floor((sales * green) / 100),
  };
}

/** `seller_reputation` of `GET /users/{id}`; figures that nothing here moves are 0. */
export function reputationBody(world: World, seller: Seller): Record<string, unknown> {
  const { windowDays, sales, sellerCancellations, rate, level, mayBeLeader } = reputationOf(world, seller);
  const period = `${windowDays} days`;
  const metric = (value: number, share: number) => ({
    period,
    rate: share,
    value,
    excluded: { real_value: value, real_rate: share },
  });
  return {
    level_id: level,
    power_seller_status: mayBeLeader && sales > 0 ? "silver" : null,
    transactions: {
      canceled: sellerCancellations,
      completed: sales - sellerCancellations,
      period: "historic",
      total: sales,
    },
    metrics: {
      sales: { period, completed: sales - sellerCancellations },
      claims: metric(0, 0),
      delayed_handling_time: metric(0, 0),
      cancellations: metric(sellerCancellations, rate),
    },
  };
}
