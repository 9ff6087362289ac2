import { expect } from "vitest";

import type { AccountSetup } from "./account-setup.ts";
import { startMarketplace, type TestMarketplace } from "./test-marketplace.ts";

export const UP = "MLAU245334053";
export const CLASSIC = "MLA1000000001";
export const CATALOG = "MLA1000000002";

/** Two items of one user product, ten units. */
export function twoItems(
  more: Partial<AccountSetup> = {},
  fields: Record<string, unknown> = {},
): AccountSetup {
  const listings = [CLASSIC, CATALOG].map((listing) => ({
    listing,
    sellerSku: "KB-M",
    userProductId: UP,
    availableQuantity: 10,
    ...fields,
  }));
  return { account: "ar-1", siteId: "MLA", listings, ...more };
}

export const sharing = (account: AccountSetup = twoItems()): Promise<TestMarketplace> =>
  startMarketplace({ accounts: [account], settings: { orderClosingGapMs: { min: 0, max: 0 } } });

/** A Full item that is also sold by Flex: 4 units at the marketplace, 6 at home. */
export async function fullAndFlex(siteId: "MLA" | "MLM" = "MLA"): Promise<TestMarketplace> {
  const market = await sharing({
    account: "ar-1",
    siteId,
    listings: [
      {
        listing: `${siteId}1000000001`,
        userProductId: UP,
        availableQuantity: 4,
        logisticType: "fulfillment",
        shippingTags: ["self_service_in"],
        inventoryId: "LCQI05831",
      },
    ],
  });
  const locations = [
    { type: "meli_facility", quantity: 4 },
    { type: "selling_address", quantity: 6 },
  ];
  const accounts = [{ account: "ar-1", userProducts: [{ userProduct: UP, locations }] }];
  expect(await market.sim("PUT", "/accounts", { accounts })).toMatchObject({ status: 200 });
  market.clock.advance(60_000);
  return market;
}

interface StockBody {
  locations: { type: string; store_id?: string; network_node_id?: string; quantity: number }[];
}

export async function stock(market: TestMarketplace): Promise<{ version: string; body: StockBody }> {
  const answer = await market.api<StockBody>("GET", `/user-products/${UP}/stock`);
  expect(answer.status).toBe(200);
  return { version: answer.headers.get("x-version") ?? "", body: answer.body };
}

export const shown = async (market: TestMarketplace, item: string): Promise<unknown> =>
  (await market.api<{ available_quantity: number }>("GET", `/items/${item}`)).body.available_quantity;

export function putStock(market: TestMarketplace, type: string, body: unknown, version?: string) {
  const headers: Record<string, string> = version === undefined ? {} : { "x-version": version };
  return market.api("PUT", `/user-products/${UP}/stock/type/${type}`, { body, headers });
}
