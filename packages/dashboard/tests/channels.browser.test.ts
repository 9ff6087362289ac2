import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";

import { accessibilityProblems } from "./accessible.ts";
import { eventually } from "./eventually.ts";
import { servedScreen } from "./served-screen.ts";
import { LISTINGS, twoAccounts } from "./two-accounts.ts";

const UNITS = 12;
const accounts = await twoAccounts(UNITS);
afterAll(() => accounts.close());

const screen = await servedScreen(async (call) => {
  await call("PUT", "/v1/skus/KB-M", { title: "Knee brace M" });
  const receipt = { kind: "receipt", sku: "KB-M", location: "main", units: UNITS, externalId: "opening" };
  await call("POST", "/v1/movements", { movements: [receipt] });
  await accounts.connect(call, "KB-M");
});

/** What the row says each account shows. */
async function shown(page: Page): Promise<string[]> {
  const heads = await page.getByRole("columnheader").allInnerTexts();
  const cells = await page.getByRole("row", { name: "KB-M" }).getByRole("cell").allInnerTexts();
  return cells.filter((_, nth) => heads[nth]?.startsWith("meli-") === true);
}

const confirmed = (units: number) => new RegExp(`^${units}\\n(just now|\\d+s ago|\\dm ago)$`);

describe("channels on the screen", () => {
  test("a sale on one account is seen on both until each has confirmed it, and how long that took", async () => {
    const page = await screen.open("/");
    await eventually(async () => (await shown(page)).every((text) => confirmed(UNITS).test(text))).toBe(true);
    await accounts.buy("meli-1");
    await eventually(async () => (await shown(page)).every((text) => confirmed(UNITS - 1).test(text))).toBe(
      true,
    );
    const row = page.getByRole("row", { name: "KB-M" });
    expect(await row.innerText()).toContain("In stock");
    const latencies = page.getByRole("region", { name: "Change to confirmed" });
    await eventually(() => latencies.innerText()).toMatch(/meli-2\n?half within \d/);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(screen.complaints).toEqual([]);
  });

  test("the page of the SKU says why each listing shows what it shows, in both languages", async () => {
    const english = await screen.open("/skus/KB-M");
    const listing = english.getByRole("listitem").filter({ hasText: LISTINGS["meli-2"] });
    await eventually(() => listing.innerText()).toMatch(/Shows 11, as it should\.\n+11 of KB-M available/);
    // Sold at once or first reserved: the marketplace says so, and either is told.
    await english.getByText(/on meli-1.* Available fell from 12 to 11\./).waitFor();
    const spanish = await screen.open("/skus/KB-M", { locale: "es" });
    await spanish.getByText("Muestra 11, como debe ser.").first().waitFor();
    await spanish.getByText("11 de KB-M disponibles").first().waitFor();
    expect(await accessibilityProblems(spanish)).toEqual([]);
  });
});
