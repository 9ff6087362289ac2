import type { Page } from "playwright-core";

/** What reaches beyond the right edge of the window without being in a part that scrolls sideways. */
export function beyondEdge(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolls = (element: Element): boolean =>
      ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    const inScroller = (element: Element): boolean => {
      for (let above = element.parentElement; above !== null; above = above.parentElement)
        if (above !== document.body && scrolls(above) && above.matches("main *")) return true;
      return false;
    };
    return [...document.body.querySelectorAll("header, header *, main, main *")]
      .filter((element) => element.getBoundingClientRect().width > 0)
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 0.5)
      .filter((element) => !inScroller(element))
      .map(
        (element) =>
          `${element.tagName} ${element.className.toString()} ${element.textContent?.slice(0, 40)}`,
      );
  });
}
