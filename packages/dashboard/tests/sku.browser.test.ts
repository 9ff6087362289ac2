import { describe, expect, test } from "vitest";

import { accessibilityProblems } from "./accessible.ts";
import { beyondEdge } from "./beyond-edge.ts";
import { eventually } from "./eventually.ts";
import { servedScreen } from "./served-screen.ts";

/** A code with everything an address might stumble over. */
const ODD = "Kn/ee #1 ?ñ%";

function anOrder(orderId: string, quantity: number, status: string, shipped = 0) {
  const lines = [{ lineId: "1", sku: "KB-M", quantity, shipped }];
  return { orders: [{ channel: "web", orderId, status, lines }] };
}

const screen = await servedScreen(async (call) => {
  for (const sku of ["KB-M", ODD]) {
    await call("PUT", `/v1/skus/${encodeURIComponent(sku)}`, { title: "Knee brace M" });
    const receipt = { kind: "receipt", sku, location: "main", units: 12, externalId: sku, reason: "PO-1" };
    await call("POST", "/v1/movements", { movements: [receipt] });
  }
  await call("POST", "/v1/orders", anOrder("A-1", 2, "paid"));
  await call("POST", "/v1/orders", anOrder("A-2", 3, "pending"));
});

describe("a SKU on the screen", () => {
  test("tells why it is 7, newest first", async () => {
    const page = await screen.open("/");
    await page.getByRole("link", { name: "KB-M" }).first().click();
    await page.getByRole("heading", { name: "Why is it 7?" }).waitFor();
    const chain = page.getByRole("region", { name: "What made it so, newest first" }).getByRole("listitem");
    await eventually(() => chain.count()).toBe(3);
    expect(await chain.locator("p:first-child").allInnerTexts()).toEqual([
      "Order A-2 on web is not paid yet; 3 units are reserved for it. Available fell from 10 to 7.",
      "2 units sold on web, order A-1. Available fell from 12 to 10.",
      "main received 12 units. Reason: PO-1. Available rose from 0 to 12.",
    ]);
    const chart = page.getByRole("figure");
    expect(await chart.getAttribute("aria-label")).toContain("now 7, between 0 and 12");
  });

  test("tells it in Spanish too", async () => {
    const page = await screen.open("/skus/KB-M", { locale: "es-MX" });
    await page.getByRole("heading", { name: "¿Por qué 7?" }).waitFor();
    await page
      .getByText("Se vendieron 2 unidades en web, pedido A-1. Lo disponible bajó de 12 a 10.")
      .waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test("a SKU with any code has a page", async () => {
    const page = await screen.open(`/skus/${encodeURIComponent(ODD)}`);
    await page.getByRole("heading", { name: "Why is it 12?" }).waitFor();
    await page.getByRole("link", { name: "Pool", exact: true }).last().click();
    await page.getByRole("link", { name: ODD }).click();
    await page.getByRole("heading", { name: "Why is it 12?" }).waitFor();
    await page.getByText(ODD, { exact: true }).waitFor();
  });

  test("says so when there is no such SKU", async () => {
    const page = await screen.open("/skus/kb-m");
    await page.getByRole("heading", { name: "No such SKU" }).waitFor();
    await page.getByText("kb-m is not in this pool. Codes are case-sensitive.").waitFor();
  });

  test.each([
    { width: 390, height: 844, colorScheme: "dark" },
    { width: 1440, height: 900, colorScheme: "light" },
    { width: 2560, height: 1300, colorScheme: "dark" },
  ] as const)("is accessible and fits at $width px, $colorScheme", async ({ width, height, colorScheme }) => {
    const page = await screen.open("/skus/KB-M", { viewport: { width, height }, colorScheme });
    await page.getByRole("heading", { name: "Why is it 7?" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await beyondEdge(page)).toEqual([]);
    expect(screen.complaints.filter((text) => !text.includes("404"))).toEqual([]);
  });

  // Last: it changes the numbers that the tests above read.
  test("follows what happens while it is open", async () => {
    const page = await screen.open("/skus/KB-M");
    await page.getByRole("heading", { name: "Why is it 7?" }).waitFor();
    await screen.call("POST", "/v1/orders", anOrder("A-1", 2, "shipped", 2));
    await page.getByText("2 units left main for order A-1 on web. Available stayed at 7.").waitFor();
    await screen.call("POST", "/v1/orders", anOrder("A-2", 3, "cancelled"));
    await page.getByRole("heading", { name: "Why is it 10?" }).waitFor();
    await page.getByText("Order A-2 on web gave back 3 units. Available rose from 7 to 10.").waitFor();
  });
});
