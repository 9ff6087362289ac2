import { afterEach, describe, expect, test } from "vitest";

import { accessibilityProblems } from "./accessible.ts";
import { cuttableLine } from "./cuttable-line.ts";
import { servedScreen } from "./served-screen.ts";

const screen = await servedScreen();

describe("a screen that is open", () => {
  afterEach(() => void screen.complaints.splice(0));

  test("says that there is nothing yet, and where to begin", async () => {
    const page = await screen.open("/");
    await page.getByRole("heading", { name: "No SKUs yet" }).waitFor();
    await page.getByText("No channels connected yet").waitFor();
    await page.getByText("Nothing is wrong.").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(screen.complaints).toEqual([]);
  });

  test("says what a keeper is while there is none", async () => {
    const page = await screen.open("/keepers", { locale: "es" });
    await page.getByRole("heading", { name: "Todavía no hay almacenes" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(screen.complaints).toEqual([]);
  });

  test("leads back from an address that is no page", async () => {
    const page = await screen.open("/nowhere");
    await page.getByRole("heading", { name: "No such page" }).waitFor();
    await page.getByRole("link", { name: "To the pool" }).click();
    await page.getByRole("heading", { name: "No SKUs yet" }).waitFor();
  });

  test("says when the server is out of reach, as of when the numbers are, and catches up by itself", async () => {
    const line = await cuttableLine(screen.server().url);
    const page = await screen.open("/", { serverUrl: line.url });
    await page.getByText("Live", { exact: true }).waitFor();
    line.cut();
    await page.getByText(/^Reconnecting\. Numbers are as of \d\d:\d\d:\d\d\.$/).waitFor();
    await page.getByText(/^Offline\. Numbers are as of \d\d:\d\d:\d\d\.$/).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screen.call("PUT", "/v1/skus/WHILE-AWAY", { title: "Made while this window was offline" });
    line.mend();
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("link", { name: "WHILE-AWAY" }).first().waitFor();
    await page.close();
    await line.close();
  });

  test("tells whoever opens it when it did not load, and loads when one tries again", async () => {
    const page = await screen.open("/");
    await page.getByText("Live", { exact: true }).waitFor();
    await page.route("**/v1/skus?*", (route) => route.abort());
    await page.reload();
    await page.getByRole("heading", { name: "This did not load" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.unroute("**/v1/skus?*");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("link", { name: "WHILE-AWAY" }).first().waitFor();
  });

  // Last: nobody is signed in afterwards.
  test("says so when its session ends", async () => {
    const page = await screen.open("/", { locale: "es" });
    await page.getByText("En vivo", { exact: true }).waitFor();
    await screen.database.pool.query("delete from browser_session");
    await page.getByRole("heading", { name: "Tu sesión terminó" }).waitFor();
    await page.getByText("npm run onepool -- link").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
