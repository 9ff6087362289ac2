import { expect, test } from "vitest";

import { LISTING, OTHER_LISTING, startCallback, startMarketplace } from "./test-marketplace.ts";

/** What a run gives away: ids, tokens, gaps, and what was notified when. */
async function play(seed: number, inBetween: boolean): Promise<unknown> {
  const callback = await startCallback();
  const market = await startMarketplace({ seed, callbackUrl: callback.url, topics: ["orders_v2"] });
  const orders: unknown[] = [];
  for (let sale = 0; sale < 5; sale += 1) {
    const answer = await market.sim("POST", "/orders", { listing: LISTING, quantity: 1 });
    orders.push(answer.body);
    if (inBetween) await market.api("PUT", `/items/${OTHER_LISTING}`, { body: { available_quantity: 3 } });
    if (inBetween) await market.api("GET", `/items/${LISTING}`);
  }
  market.clock.advance(1_000);
  const arrivals = await callback.count(5);
  // They travel side by side over real sockets, so only their order of arrival is left to chance.
  const told = arrivals.map(({ _id, resource, sent, received }) => `${_id} ${resource} ${sent} ${received}`);
  return { orders, tokens: market.accounts, told: told.toSorted() };
}

test("the same seed and the same calls give the same ids, tokens, gaps and delays", async () => {
  expect(await play(7, false)).toEqual(await play(7, false));
});

test("calls of another kind in between change nothing", async () => {
  expect(await play(7, true)).toEqual(await play(7, false));
});

test("another seed gives others", async () => {
  expect(await play(8, false)).not.toEqual(await play(7, false));
});
