// The part of a long list that is on the screen, and the keys that move through all of it. One row at a time can be
// reached by Tab; the arrows move it. The row that has the focus stays in the page even when it is scrolled away.
import { defaultRangeExtractor, useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

export interface RowWindow {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>;
  /** The place of the row that Tab reaches. */
  readonly active: number;
}

interface RowWindowOptions {
  readonly count: number;
  /** In pixels; all rows have it. */
  readonly rowHeight: number;
  /** Pixels of the scrolling area that a standing head covers. */
  readonly headHeight: number;
}

/** Rows kept beyond the edges, so that a quick scroll shows no blank. */
const OVERSCAN = 16;

export function useRowWindow({ count, rowHeight, headHeight }: RowWindowOptions): RowWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState(0);
  const active = Math.min(chosen, Math.max(0, count - 1));
  const focusNext = useRef(false);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoises here; rows compare what they draw.
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    // The head stands before the first row and goes on covering as much of the area: what it takes is lost at the end.
    scrollPaddingEnd: headHeight,
    rangeExtractor: (range) => {
      const places = defaultRangeExtractor(range);
      return active < count && !places.includes(active)
        ? [...places, active].toSorted((a, b) => a - b)
        : places;
    },
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);

  useLayoutEffect(() => {
    if (!focusNext.current) return;
    focusNext.current = false;
    scroller.current
      ?.querySelector<HTMLElement>(`[data-place="${active}"] a`)
      ?.focus({ preventScroll: true });
  });

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const onFocus = (event: FocusEvent) => {
      const place = placeOf(event.target);
      if (place !== null) setChosen(place);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (placeOf(event.target) === null || event.altKey || event.ctrlKey || event.metaKey) return;
      const rowsShown = Math.floor((element.clientHeight - headHeight) / rowHeight);
      const next = placeAfter(event.key, { active, count, rowsShown });
      if (next === null) return;
      event.preventDefault();
      focusNext.current = true;
      setChosen(next);
      virtualizer.scrollToIndex(next);
    };
    element.addEventListener("focusin", onFocus);
    element.addEventListener("keydown", onKeyDown);
    return () => {
      element.removeEventListener("focusin", onFocus);
      element.removeEventListener("keydown", onKeyDown);
    };
  }, [active, count, rowHeight, headHeight, virtualizer]);
  return { scroller, virtualizer, active };
}

/** The place of the row that `target` lies in. */
function placeOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>("[data-place]") : null;
  return row === null ? null : Number(row.dataset["place"]);
}

/** Where a key leads from the active row; null for a key that does not move. */
export function placeAfter(
  key: string,
  {
    active,
    count,
    rowsShown,
  }: { readonly active: number; readonly count: number; readonly rowsShown: number },
): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + Math.max(1, rowsShown),
    PageUp: active - Math.max(1, rowsShown),
    Home: 0,
    End: count - 1,
  };
  const next = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return next === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, next));
}
