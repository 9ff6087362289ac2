import { expect, test } from "vitest";

import { SKU, startTestAmazon } from "./test-amazon.ts";

/** What a run gives away: ids, tokens, gaps, and when a submission took effect. */
async function play(seed: number, inBetween: boolean): Promise<unknown> {
  const amazon = await startTestAmazon({ seed });
  const orders: unknown[] = [];
  for (let sale = 0; sale < 5; sale += 1) {
    const answer = await amazon.sim("POST", "/orders", { listing: SKU, quantity: 1 });
    orders.push(answer.body);
    if (inBetween) await amazon.api("GET", amazon.skuPath(SKU));
    if (inBetween) await amazon.sim("GET", "/accounts");
  }
  await amazon.setQuantity(SKU, 2);
  amazon.clock.advance(10_000);
  const log = await amazon.sim<{ entries: { kind: string; at: string }[] }>("GET", "/truth/log");
  const writes = log.body.entries.filter(({ kind }) => kind === "write").map(({ at }) => at);
  return { orders, tokens: amazon.accounts, writes };
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
