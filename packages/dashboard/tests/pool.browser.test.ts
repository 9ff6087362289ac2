import type { Page } from "playwright-core";
import { beforeEach, describe, expect, test } from "vitest";

import { accessibilityProblems } from "./accessible.ts";
import { beyondEdge } from "./beyond-edge.ts";
import { eventually } from "./eventually.ts";
import { servedScreen } from "./served-screen.ts";

const SKUS = Array.from({ length: 450 }, (_, nth) => `SKU-${String(nth).padStart(3, "0")}`);

const screen = await servedScreen(async (call) => {
  for (const sku of SKUS) await call("PUT", `/v1/skus/${sku}`, { title: `Knee brace ${sku.slice(4)}` });
  const movements = SKUS.map((sku) => ({
    kind: "receipt",
    sku,
    location: "main",
    units: 40,
    externalId: sku,
  }));
  await call("POST", "/v1/movements", { movements });
});

async function sell(orderId: string, sku: string, quantity: number, channel = "web"): Promise<void> {
  const order = { channel, orderId, status: "paid", lines: [{ lineId: "1", sku, quantity }] };
  await screen.call("POST", "/v1/orders", { orders: [order] });
}

/** What the row of a SKU says in a column, by the name at its head. */
async function cell(page: Page, sku: string, column: string): Promise<string> {
  const heads = await page.getByRole("columnheader").allInnerTexts();
  const nth = heads.findIndex((head) => head.trim() === column);
  return page.getByRole("row", { name: sku }).getByRole("cell").nth(nth).innerText();
}

interface Shifting {
  shifts: string[];
}

/** Runs in the page: notes what jumps from now on. */
async function watchForShifts(): Promise<void> {
  // What is waiting to be drawn came before now.
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const shifts: string[] = [];
  Object.assign(window, { shifts });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { sources: { node: Node | null }[] })[])
      shifts.push(...entry.sources.map(({ node }) => node?.textContent ?? "?"));
  }).observe({ type: "layout-shift" });
}

const firstSkus = async (page: Page, count: number) =>
  (await page.locator("tbody tr a").allInnerTexts()).slice(0, count);

describe("the pool on the screen", () => {
  beforeEach(() => void screen.complaints.splice(0));

  test("a sale falls out of the number while one looks at it, and nothing moves", async () => {
    const page = await screen.open("/");
    await page.getByText("450 SKUs").waitFor();
    await eventually(() => cell(page, "SKU-001", "Available")).toBe("40");
    await page.evaluate(watchForShifts);
    await sell("A-1", "SKU-001", 3);
    await eventually(() => cell(page, "SKU-001", "Available")).toBe("37");
    expect(await cell(page, "SKU-001", "Committed")).toBe("3");
    expect(await cell(page, "SKU-001", "On hand")).toBe("40");
    await eventually(() => page.getByRole("complementary").innerText()).toContain("SKU-001");
    expect(await page.evaluate(() => (window as unknown as Shifting).shifts)).toEqual([]);
    expect(screen.complaints).toEqual([]);
  });

  test("an oversold SKU says so in words, in the alerts and in the count of its filter", async () => {
    const page = await screen.open("/");
    await eventually(() => cell(page, "SKU-002", "Available")).toBe("40");
    await sell("A-2", "SKU-002", 42);
    await eventually(() => cell(page, "SKU-002", "Available")).toBe("\u22122");
    expect(await cell(page, "SKU-002", "State")).toBe("Oversold by 2");
    const alerts = page.getByRole("region", { name: "Alerts" });
    await eventually(() => alerts.innerText()).toContain("SKU-002 is promised 2 units more than there are.");
    await page.getByRole("button", { name: /^Oversold 1$/ }).click();
    await eventually(() => firstSkus(page, 5)).toEqual(["SKU-002"]);
    expect(page.url()).toContain("show=oversold");
  });

  test("rows keep their places under the pointer until one sorts again", async () => {
    const page = await screen.open("/?sort=available&q=SKU-10");
    await eventually(() => firstSkus(page, 2)).toEqual(["SKU-100", "SKU-101"]);
    await page.getByRole("link", { name: "SKU-100" }).hover();
    await sell("A-3", "SKU-105", 30);
    await eventually(() => cell(page, "SKU-105", "Available")).toBe("10");
    await page.getByRole("button", { name: "Order has changed. Sort again" }).waitFor();
    expect(await firstSkus(page, 2)).toEqual(["SKU-100", "SKU-101"]);
    await page.keyboard.press("r");
    await eventually(() => firstSkus(page, 2)).toEqual(["SKU-105", "SKU-100"]);
  });

  test("a SKU that is new appears by itself", async () => {
    const page = await screen.open("/?q=ZZ");
    await page.getByRole("heading", { name: "Nothing matches" }).waitFor();
    await screen.call("PUT", "/v1/skus/ZZ-NEW", { title: "Just made" });
    await eventually(() => firstSkus(page, 3)).toEqual(["ZZ-NEW"]);
    expect(await page.getByRole("row", { name: "ZZ-NEW" }).innerText()).toContain("Just made");
  });

  test("the keyboard finds, walks and opens", async () => {
    const page = await screen.open("/");
    await page.getByRole("link", { name: "SKU-000" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("sku-3");
    await eventually(() => page.getByText("100 of ").innerText()).toMatch(/^100 of \d+ SKUs$/);
    await page.getByRole("link", { name: "SKU-300" }).focus();
    await page.keyboard.press("End");
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    await eventually(focused).toBe("SKU-399");
    await page.keyboard.press("PageUp");
    await page.keyboard.press("ArrowDown");
    const there = await focused();
    expect(Number(there.slice(4))).toBeLessThan(399);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === `/skus/${there}`);
  });

  test("only what is on the screen is in the page, however long the pool", async () => {
    const page = await screen.open("/");
    await page.getByText(/^45\d SKUs$/).waitFor();
    expect(await page.locator("tbody tr").count()).toBeLessThan(80);
    await page.locator("table").evaluate((table) => table.parentElement?.scrollTo(0, 1e6));
    await page.getByRole("link", { name: "SKU-449" }).waitFor();
    expect(await page.locator("tbody tr").count()).toBeLessThan(80);
  });

  test.each([
    ["en", "Available", "Search SKU, title or listing"],
    ["es", "Disponible", "Buscar SKU, título o publicación"],
  ])("speaks %s where the browser does", async (locale, available, search) => {
    const page = await screen.open("/", { locale });
    await page.getByRole("columnheader", { name: available }).waitFor();
    await page.getByRole("searchbox", { name: search }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe(locale);
  });

  test("keeps the language and the colours one chose", async () => {
    const page = await screen.open("/");
    await page.getByRole("button", { name: "Language" }).click();
    await page.getByRole("menuitemradio", { name: "Español" }).click();
    await page.getByRole("button", { name: "Colores" }).click();
    await page.getByRole("menuitemradio", { name: "Oscuro" }).click();
    await page.reload();
    await page.getByRole("columnheader", { name: "Disponible" }).waitFor();
    expect(await page.locator("html").getAttribute("data-mantine-color-scheme")).toBe("dark");
    expect(screen.complaints).toEqual([]);
  });

  test.each([
    { width: 390, height: 844, colorScheme: "light", locale: "en" },
    { width: 390, height: 844, colorScheme: "dark", locale: "es" },
    { width: 820, height: 1180, colorScheme: "light", locale: "es" },
    { width: 1440, height: 900, colorScheme: "light", locale: "es" },
    { width: 1440, height: 900, colorScheme: "dark", locale: "en" },
    { width: 2560, height: 1300, colorScheme: "light", locale: "en" },
  ] as const)(
    "is accessible and fits at $width px, $colorScheme, $locale",
    async ({ width, height, ...looks }) => {
      const page = await screen.open("/", { viewport: { width, height }, ...looks });
      await page.getByRole("link", { name: "SKU-002" }).first().waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await beyondEdge(page)).toEqual([]);
    },
  );

  test("a phone reaches alerts and changes behind the bell", async () => {
    const page = await screen.open("/", { viewport: { width: 390, height: 844 } });
    await page.getByRole("button", { name: /Alerts and changes/ }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByText("SKU-002").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await drawer.getByRole("link", { name: "SKU-002" }).first().click();
    await page.waitForURL((url) => url.pathname === "/skus/SKU-002");
  });
});
