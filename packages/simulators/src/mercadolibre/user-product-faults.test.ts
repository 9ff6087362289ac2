import { describe, expect, test } from "vitest";

import type { TestMarketplace } from "./test-marketplace.ts";
import { fullAndFlex, stock, UP } from "./test-user-product.ts";

describe("a write that goes wrong", () => {
  const write = async (market: TestMarketplace) => {
    const { version } = await stock(market);
    return market.api("PUT", `/user-products/${UP}/stock/type/selling_address`, {
      body: { quantity: 9 },
      headers: { "x-version": version },
    });
  };
  const fault = (market: TestMarketplace, kind: string) =>
    market.sim("PUT", "/faults", { api: [{ kind, endpoint: "PUT *", times: 1 }] });
  const own = async (market: TestMarketplace): Promise<unknown> =>
    (await stock(market)).body.locations.find(({ type }) => type === "selling_address")?.quantity;

  test("for the version's sake says so", async () => {
    const market = await fullAndFlex();
    await fault(market, "conflict");
    expect(await write(market)).toMatchObject({ status: 409, body: { message: "Version mismatch" } });
    expect(await own(market)).toBe(6);
  });

  test("may have been carried out, although no answer comes", async () => {
    const market = await fullAndFlex();
    await fault(market, "droppedAfterApply");
    await expect(write(market)).rejects.toThrow();
    expect(await own(market)).toBe(9);
  });

  test("may have been answered well, although nothing was carried out", async () => {
    const market = await fullAndFlex();
    await fault(market, "writeIgnored");
    expect(await write(market)).toMatchObject({ status: 204 });
    expect(await own(market)).toBe(6);
  });

  test("takes effect late where so set, over a sale that it did not know of", async () => {
    const market = await fullAndFlex();
    await market.sim("PUT", "/settings", { writeApplyMs: { min: 5_000, max: 5_000 } });
    expect(await write(market)).toMatchObject({ status: 204 });
    expect(await own(market)).toBe(6);
    await market.buy("MLA1000000001", 5);
    expect(await own(market)).toBe(1);
    market.clock.advance(5_000);
    expect(await own(market)).toBe(9);
  });
});
