// Predicts from the marketplaces' own books alone what Onepool must say and what listings may show. Imports nothing of the server.
import type { OnepoolClient } from "./onepool-client.ts";
import type { MarketListing, MarketsPlan, TwoMarkets } from "./two-markets.ts";

/** What the auditor found wrong, each in a sentence; nothing when all is quiet and right. */
export type Findings = readonly string[];

interface SaidListing {
  readonly connection: string;
  readonly externalId: string;
  readonly desired: number;
  readonly observed: number | null;
}

interface SaidSku {
  readonly sku: string;
  readonly available: number;
  readonly listings: readonly SaidListing[];
}

/** All that has to hold once nothing happens any more. */
export async function audit(
  markets: TwoMarkets,
  client: OnepoolClient,
  plan: MarketsPlan,
): Promise<Findings> {
  const shown = shownByListing(markets);
  const available = trueAvailable(markets);
  const said = await readSkus(client);
  return [
    ...(await undelivered(markets)),
    ...said.flatMap((sku) => wrongBalance(sku, available.get(sku.sku) ?? 0)),
    ...said.flatMap((sku) => wrongListings(sku, shown)),
    ...Object.keys(plan.stock).flatMap((sku) => wrongShares(plan, sku, { shown, available })),
  ];
}

/** Of all that has to hold, what does not depend on how many units there are: every listing shows what it should. */
export async function auditListings(markets: TwoMarkets, client: OnepoolClient): Promise<Findings> {
  const shown = shownByListing(markets);
  const said = await readSkus(client);
  return [...(await undelivered(markets)), ...said.flatMap((sku) => wrongListings(sku, shown))];
}

/** What physically remains of each SKU by the marketplaces' books: supplied less what was really sold. */
export function trueAvailable({ truth }: TwoMarkets): Map<string, number> {
  return new Map(
    truth.report().groups.map(({ id, units, netAcceptedUnits }) => [id, units - netAcceptedUnits] as const),
  );
}

/** What buyers can take, by `market/listing`. */
export function shownByListing({ amazon, meli }: TwoMarkets): Map<string, number> {
  const all = [...amazon.truth().listings, ...meli.truth().listings];
  return new Map(all.map(({ account, listing, shows }) => [`${account}/${listing}`, shows] as const));
}

/** Units accepted beyond what there was. */
export function oversoldUnits({ truth }: TwoMarkets): number {
  return truth.report().totals.oversoldUnits;
}

async function undelivered(markets: TwoMarkets): Promise<string[]> {
  const counts = await Promise.all(
    (["amazon", "meli"] as const).map(async (market) => {
      const { pending = 0, inFlight = 0 } = (await markets.control(market, "GET", "notifications")) as {
        pending?: number;
        inFlight?: number;
      };
      return { market, waiting: pending + inFlight };
    }),
  );
  return counts.flatMap(({ market, waiting }) =>
    waiting === 0 ? [] : [`${waiting} notifications of ${market} are on their way`],
  );
}

function wrongBalance({ sku, available }: SaidSku, really: number): string[] {
  return available === really ? [] : [`${sku}: Onepool says ${available} are available, the books ${really}`];
}

/** Every listing shows what Onepool wants it to, and Onepool knows it. */
function wrongListings({ sku, listings }: SaidSku, shown: ReadonlyMap<string, number>): string[] {
  return listings.flatMap(({ connection, externalId, desired, observed }) => {
    const shows = shown.get(`${connection}/${externalId}`);
    const name = `${sku} at ${connection}/${externalId}`;
    if (shows !== desired) return [`${name} shows ${String(shows)}, and should show ${desired}`];
    return observed === shows ? [] : [`${name} shows ${shows}, and Onepool last saw ${String(observed)}`];
  });
}

/**
 * Either every listing shows all that is left, cut to its packs, or the units are dealt out: together they then show no more
 * than there is, and somewhere a buyer can have one if there is one.
 */
function wrongShares(
  plan: MarketsPlan,
  sku: string,
  { shown, available }: { shown: ReadonlyMap<string, number>; available: ReadonlyMap<string, number> },
): string[] {
  const left = Math.max(0, available.get(sku) ?? 0);
  const sellers = plan.listings.filter((listing) => listing.sku === sku);
  const shows = (of: MarketListing): number => shown.get(`${of.market}/${of.listing}`) ?? 0;
  const isOpen = sellers.every((of) => shows(of) === Math.floor(left / of.unitsPerSale));
  if (isOpen) return [];
  const together = sellers.reduce((sum, of) => sum + shows(of) * of.unitsPerSale, 0);
  if (together > left) return [`${sku}: listings show ${together} units together, and ${left} are left`];
  const isForSale = together > 0 || sellers.every(({ unitsPerSale }) => unitsPerSale > left);
  return isForSale ? [] : [`${sku}: ${left} are left and nobody can buy one`];
}

/** Every SKU with its listings, through the API's pages. */
async function readSkus(client: OnepoolClient): Promise<SaidSku[]> {
  const said: SaidSku[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const after: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await client.get(`/v1/skus?limit=200${after}`);
    said.push(...(page["skus"] as SaidSku[]));
    cursor = (page["nextCursor"] ?? null) as string | null;
  }
  return said;
}
