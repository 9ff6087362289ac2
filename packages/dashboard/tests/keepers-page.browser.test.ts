import type { Page } from "playwright-core";
import { beforeEach, describe, expect, test } from "vitest";

import { accessibilityProblems } from "./accessible.ts";
import { beyondEdge } from "./beyond-edge.ts";
import { eventually } from "./eventually.ts";
import { servedScreen } from "./served-screen.ts";
import { toldKeeper } from "./told-keeper.ts";

const mexico = toldKeeper("bodega-mx", "mx");
const texas = toldKeeper("acme-tx", "tx");
const shadow = toldKeeper("new-3pl", "new", "shadow");

const SKUS = ["KB-S", "KB-M", "KB-L", "EB-1", "EB-2", "WB-1"] as const;
const ALL_10 = Object.fromEntries(SKUS.map((sku) => [sku, 10]));
const ALL_0 = Object.fromEntries(SKUS.map((sku) => [sku, 0]));

const screen = await servedScreen(async (call, told) => {
  for (const sku of SKUS) await call("PUT", `/v1/skus/${sku}`, { title: `Brace ${sku}` });
  for (const keeper of [mexico, texas, shadow]) await keeper.connect(call);
  await mexico.tell(told, ALL_10, 300);
  const drifts = { ...ALL_10, "KB-M": 60, "KB-L": 35 };
  await mexico.tell(told, drifts, 200);
  await mexico.tell(told, { ...drifts, "EB-1": 40, NOBODY: 3, "KB-M@F9": 1 }, 100);
  await texas.tell(told, ALL_10, 300);
  await texas.tell(told, ALL_0, 200);
  await shadow.tell(told, { "KB-M": 4 }, 200);
  await shadow.tell(told, { "KB-M": 4 }, 100);
  await shadow.tellLost(told, "KB-M");
  await shadow.tellLost(told, "KB-S");
  const order = (orderId: string, returning: number) => ({
    channel: "web",
    orderId,
    status: "shipped",
    lines: [{ lineId: "1", sku: "KB-M", quantity: 2, shipped: 2, returning }],
  });
  await call("POST", "/v1/orders", { orders: [order("A-7", 2), order("A-8", 0)] });
  const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString();
  const lines = (units: number) => [{ sku: "KB-M", units }];
  await call("PUT", "/v1/inbounds/PO-9", { location: "mx", expectedAt: days(-2), lines: lines(40) });
  await call("PUT", "/v1/inbounds/PO-10", { location: "tx", expectedAt: days(6), lines: lines(200) });
  await call("PUT", "/v1/inbounds/PO-11", { location: "mx", lines: lines(60) });
  await call("PUT", "/v1/locations/tx", { serves: ["web"] });
  await told.database.pool.query(
    `insert into keeper_order (seller_id, reference, connection, channel, order_id, facility, lines, items, state, error, created_at, ended_at)
     select seller_id, 'R-' || state, 'bodega-mx', 'web', id, 'F1', '[{"lineId":"1","sku":"KB-M","units":2}]', '[]', state, why, now(), now()
     from seller, (values ('B-1', 'refused', 'The address has no postal code.'), ('B-2', 'too_late', null)) o (id, state, why)
     where seller_id = (select min(seller_id) from seller)`,
  );
});

const card = (page: Page, code: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: code, exact: true }) });

const sellable = async (sku: string, location: string): Promise<number | undefined> => {
  const { locations } = await screen.call("GET", `/v1/skus/${sku}/availability`);
  const places = locations as { location: string; sellable: number }[];
  return places.find((place) => place.location === location)?.sellable;
};

describe("the page of the keepers", () => {
  beforeEach(() => void screen.complaints.splice(0));

  test("says of each how it stands, what differs and why, and what it told that waits", async () => {
    const page = await screen.open("/keepers");
    const mx = card(page, "bodega-mx");
    await mx.getByText("2 levels differ by 75 units and wait for you.").waitFor();
    const row = mx.getByRole("row", { name: "KB-M" });
    await eventually(() => row.getByRole("cell").allInnerTexts()).toEqual([
      "10",
      "60",
      "+50",
      "Nothing we know explains it: the keeper found more than it had told us of.",
      expect.stringMatching(/ago$/),
      expect.stringContaining("Accept"),
    ]);
    await eventually(() => mx.innerText()).toMatch(/Verified\s+\d+\s+Booked\s+\d+\s+Suspect\s+1\s+Open\s+2/);
    await eventually(() => mx.innerText()).toMatch(/Order B-1 on web was refused[^]*has no postal code/);
    await eventually(() => mx.innerText()).toMatch(/Order B-2 on web left although it was cancelled/);
    await card(page, "acme-tx").getByText("6 of 6 levels that held units are 0 now").waitFor();
    await card(page, "new-3pl").getByText("It is not live: its word is compared").waitFor();
    expect(
      await card(page, "new-3pl")
        .getByRole("button", { name: /^Accept/ })
        .count(),
    ).toBe(0);
    expect(await page.getByRole("heading", { level: 2 }).allInnerTexts()).toContain("acme-tx");
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(screen.complaints).toEqual([]);
  });

  test.each([
    { width: 390, height: 844, colorScheme: "dark", locale: "es" },
    { width: 390, height: 844, colorScheme: "light", locale: "en" },
    { width: 1024, height: 768, colorScheme: "light", locale: "es" },
    { width: 1440, height: 900, colorScheme: "dark", locale: "en" },
  ] as const)("is accessible and fits at $width px, $colorScheme, $locale", async (window) => {
    const { width, height, colorScheme, locale } = window;
    const options = { viewport: { width, height }, colorScheme, locale };
    const page = await screen.open("/keepers", options);
    await card(page, "bodega-mx").getByRole("row", { name: "KB-M" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await beyondEdge(page)).toEqual([]);
    const sku = await screen.open("/skus/KB-M", options);
    await sku.getByText("PO-10").waitFor();
    expect(await accessibilityProblems(sku)).toEqual([]);
    expect(await beyondEdge(sku)).toEqual([]);
    expect(screen.complaints).toEqual([]);
  });

  test("a SKU says where it lies, what its keepers say, and what is on its way", async () => {
    const page = await screen.open("/skus/KB-M");
    const places = page.getByRole("table", { name: "Where it lies" });
    const mx = places.getByRole("row", { name: "mx" });
    await eventually(() => mx.innerText()).toMatch(/bodega-mx: 60[^]*ago[^]*Open · \+50 to ours/);
    await eventually(() => places.getByRole("row", { name: "tx" }).innerText()).toMatch(/\bweb\b/);
    const incoming = page.getByRole("region", { name: "On its way here" }).getByRole("listitem");
    expect(await incoming.allInnerTexts()).toEqual([
      expect.stringMatching(/2 days ago\s+Late\s+40 units to mx\s+PO-9/),
      expect.stringMatching(/in 6 days\s+200 units to tx\s+PO-10/),
      expect.stringMatching(/no date yet\s+60 units to mx\s+PO-11/),
    ]);
    const back = page.getByRole("region", { name: "On its way back" }).getByRole("listitem");
    await eventually(() => back.allInnerTexts()).toEqual(["Order A-7 on web\n2 units"]);
    const nav = page.getByRole("navigation").getByRole("link", { name: "Pool", exact: true });
    expect(await nav.getAttribute("data-status")).toBe("active");
    expect(screen.complaints).toEqual([]);
  });

  test("says what waits or was put aside and why, and tries it again when asked", async () => {
    const { pool } = screen.database;
    const page = await screen.open("/keepers");
    const keeper = card(page, "new-3pl");
    await keeper.getByText("2 pieces of news wait").waitFor();
    await keeper.getByText("2 adjustments:").waitFor();
    await keeper.getByText("new-3pl is not live: what it tells is kept until it is.").waitFor();
    await keeper.getByText("Nothing to do: it is kept, and booked once the keeper is live.").waitFor();
    await pool.query(
      "update keeper_fact set state = 'poison', error = 'It stumbled.' where connection = 'new-3pl' and state = 'waiting'",
    );
    await keeper.getByText("News put aside").waitFor();
    await keeper.getByText("It stumbled.").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await keeper.getByRole("button", { name: "Try again" }).click();
    await keeper.getByText("2 pieces of news wait").waitFor();
    await keeper.getByText("It stumbled.").waitFor({ state: "hidden" });
    expect(screen.complaints).toEqual([]);
  });

  test("gives an order again that was refused", async () => {
    const page = await screen.open("/keepers");
    const mx = card(page, "bodega-mx");
    await mx.getByRole("button", { name: "Give it again: order B-1" }).click();
    await mx.getByText("Order B-1 on web").waitFor({ state: "hidden" });
    await mx.getByText("Order B-2 on web").waitFor();
  });

  test("tells whoever opens it when it did not load", async () => {
    const page = await screen.open("/channels");
    await page.route("**/v1/keepers", (route) => route.abort());
    await page.getByRole("link", { name: "Keepers", exact: true }).click();
    await page.getByRole("heading", { name: "This did not load" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.unroute("**/v1/keepers");
    await page.getByRole("button", { name: "Try again" }).click();
    await card(page, "bodega-mx").waitFor();
  });

  test("shows what a keeper tells while it is open", async () => {
    const page = await screen.open("/keepers");
    const keeper = card(page, "new-3pl");
    await keeper.getByText("1 level differs by 4 units.").waitFor();
    await shadow.tell(screen, { "KB-M": 4, "KB-S": 2 }, 30);
    await shadow.tell(screen, { "KB-M": 4, "KB-S": 2 }, 20);
    await keeper.getByText("2 levels differ by 6 units.").waitFor();
    await keeper.getByRole("row", { name: "KB-S" }).waitFor();
  });

  test("asks before it books, books what was said, and the difference is gone", async () => {
    const page = await screen.open("/keepers");
    const mx = card(page, "bodega-mx");
    await mx.getByRole("button", { name: "Accept what the keeper says of KB-M" }).click();
    const dialog = page.getByRole("dialog", { name: "Take bodega-mx's word for KB-M?" });
    await dialog.getByText("A count is booked: KB-M at mx, sellable from 10 to 60 (+50).").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Not now" }).click();
    await dialog.waitFor({ state: "hidden" });
    const before = (await sellable("KB-M", "mx")) ?? 0;
    await mx.getByRole("button", { name: "Accept what the keeper says of KB-M" }).click();
    await dialog.getByRole("button", { name: "Book it" }).click();
    await mx.getByRole("row", { name: "KB-M" }).waitFor({ state: "hidden" });
    await mx.getByText("1 level differs by 25 units and waits for you.").waitFor();
    expect(await sellable("KB-M", "mx")).toBe(before + 50);
    expect(screen.complaints).toEqual([]);
  });

  test("asks for a recount, which books nothing", async () => {
    const page = await screen.open("/keepers", { locale: "es" });
    const mx = card(page, "bodega-mx");
    const before = await sellable("KB-L", "mx");
    await mx.getByRole("button", { name: "Pedir un reconteo de KB-L" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Pedirlo" }).click();
    await mx.getByText(/Reconteo pedido/).waitFor();
    expect(await sellable("KB-L", "mx")).toBe(before);
  });

  // Last: nothing is left that differs.
  test("in Spanish too: the last difference is accepted, by the keyboard alone", async () => {
    const page = await screen.open("/keepers", { locale: "es-MX" });
    const mx = card(page, "bodega-mx");
    const accept = mx.getByRole("button", { name: "Aceptar lo que el almacén dice de KB-L" });
    await accept.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Se registra un conteo: KB-L en mx, vendible de 10 a 35 (+25).").waitFor();
    await eventually(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Registrarlo");
    await page.keyboard.press("Enter");
    await mx.getByRole("row", { name: "KB-L" }).waitFor({ state: "hidden" });
    expect(await sellable("KB-L", "mx")).toBe(35);
    await card(page, "acme-tx").getByRole("button", { name: "Es correcto" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sí, son correctos" }).click();
    await card(page, "acme-tx").getByText("Dijiste que es correcto.").waitFor();
    expect(await sellable("KB-S", "tx")).toBe(10);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(screen.complaints).toEqual([]);
  });
});
