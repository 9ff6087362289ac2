import type { Page } from "playwright-core";
import { afterAll, beforeEach, describe, expect, test } from "vitest";

import { accessibilityProblems } from "./accessible.ts";
import { beyondEdge } from "./beyond-edge.ts";
import { eventually } from "./eventually.ts";
import { servedScreen } from "./served-screen.ts";
import { LISTINGS, twoAccounts } from "./two-accounts.ts";

/** The marketplace shows 9 where 12 are available. */
const accounts = await twoAccounts(9);
afterAll(() => accounts.close());

const screen = await servedScreen(async (call) => {
  await call("PUT", "/v1/skus/KB-M", { title: "Knee brace M" });
  await call("PUT", "/v1/skus/KB-L", { title: "Knee brace L" });
  const receipt = { kind: "receipt", sku: "KB-M", location: "main", units: 12, externalId: "opening" };
  await call("POST", "/v1/movements", { movements: [receipt] });
  await accounts.connect(call, "KB-M", { "meli-2": "shadow" });
});

const card = (page: Page, code: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: code, exact: true }) });

interface PreviewAnswer {
  readonly totals: { readonly unread: number };
}

/** The listing of the account in shadow was read. */
async function whenCompared(): Promise<void> {
  await eventually(async () => {
    const { totals } = (await screen.call(
      "GET",
      "/v1/connections/meli-2/preview",
    )) as unknown as PreviewAnswer;
    return totals.unread;
  }).toBe(0);
}

describe("the page of the channels", () => {
  beforeEach(() => void screen.complaints.splice(0));

  test("says of each how it is doing, in which mode, and how long a change takes there", async () => {
    const page = await screen.open("/channels");
    const live = card(page, "meli-1");
    await eventually(() => live.innerText()).toMatch(/Connected[^]*\blive\b/);
    await eventually(() => card(page, "meli-2").innerText()).toMatch(/Connected[^]*\bshadow\b/);
    await eventually(() => live.innerText()).toMatch(/Pushed to confirmed\s+p50 \d[^]*p95 \d[^]*p99 \d/);
    await eventually(() => live.innerText()).toContain(`${LISTINGS["meli-1"]}: 12 confirmed`);
    expect(await card(page, "meli-2").innerText()).toContain("nothing measured yet");
    expect(await page.getByRole("link", { name: "Channels", exact: true }).getAttribute("data-status")).toBe(
      "active",
    );
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(screen.complaints).toEqual([]);
  });

  test("says what is wrong and what to do, the gravest channel first", async () => {
    const { pool } = screen.database;
    await whenCompared();
    await pool.query("update connection_token set state = 'reconnect_needed' where connection = 'meli-2'");
    const page = await screen.open("/channels", { locale: "es" });
    await eventually(() => card(page, "meli-2").innerText()).toMatch(
      /Conectar de nuevo[^]*Conecta la cuenta de nuevo o corrige/,
    );
    expect(await page.getByRole("heading", { level: 2 }).first().innerText()).toBe("meli-2");
    expect(await accessibilityProblems(page)).toEqual([]);
    await pool.query("update connection_token set state = 'valid'");
    await eventually(() => card(page, "meli-2").innerText()).toMatch(/^meli-2\s+mercadolibre\s+Conectado/);
  });

  test.each([
    { width: 390, height: 844, colorScheme: "dark", locale: "es" },
    { width: 768, height: 1024, colorScheme: "light", locale: "en" },
    { width: 1440, height: 900, colorScheme: "dark", locale: "en" },
  ] as const)("is accessible and fits at $width px, $colorScheme, $locale", async (window) => {
    const { width, height, colorScheme, locale } = window;
    const options = { viewport: { width, height }, colorScheme, locale };
    await whenCompared();
    const page = await screen.open("/channels", options);
    await card(page, "meli-1").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await beyondEdge(page)).toEqual([]);
    const preview = await screen.open("/channels/meli-2", options);
    await preview.getByRole("rowheader", { name: LISTINGS["meli-2"] }).waitFor();
    expect(await accessibilityProblems(preview)).toEqual([]);
    expect(await beyondEdge(preview)).toEqual([]);
    expect(screen.complaints).toEqual([]);
  });

  test("a channel that is not there is said to be none", async () => {
    const page = await screen.open("/channels/none");
    await page.getByRole("heading", { name: "No such channel" }).waitFor();
  });

  // Last: it changes what the tests above look at.
  test("shows what going live would change, asks, and goes live with what was seen", async () => {
    await whenCompared();
    const page = await screen.open("/channels");
    await card(page, "meli-2").getByRole("link", { name: "What would change live" }).click();
    const row = page.getByRole("row", { name: LISTINGS["meli-2"] });
    await eventually(() => row.getByRole("cell").allInnerTexts()).toEqual([
      "9",
      "12",
      "+3",
      "12 of KB-M available",
    ]);
    await page.getByText("In shadow the listings are read and compared; nothing is pushed.").waitFor();
    await page.getByRole("button", { name: "Go live" }).click();
    const dialog = page.getByRole("dialog", { name: "Go live on meli-2?" });
    await dialog.getByText("1 listing rises, 0 fall, 0 fall to 0.").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Not yet" }).click();
    await dialog.waitFor({ state: "hidden" });
    expect(await screen.call("GET", "/v1/connections/meli-2")).toMatchObject({ mode: "shadow" });
    await page.getByRole("button", { name: "Go live" }).click();
    await dialog.getByRole("button", { name: "Yes, push these numbers" }).click();
    await page.getByText("Live: differences are being pushed.").waitFor();
    expect(await screen.call("GET", "/v1/connections/meli-2")).toMatchObject({
      mode: "live",
      wentLive: { previewedSeq: expect.any(Number), rises: 1, falls: 0, toZero: 0, unread: 0 },
    });
    await eventually(async () => {
      await page.getByRole("button", { name: "Compare again" }).click();
      return row.getByRole("cell").first().innerText();
    }).toBe("12");
    expect(screen.complaints).toEqual([]);
  });
});
