import { useEffect, useRef } from "react";

import classes from "./changing-number.module.css";

const FADE_MS = 1_800;

/**
 * A number that says quietly that it changed: its ground tints and fades. Nothing moves, nothing takes the focus, and
 * a number that is merely scrolled into view stays still.
 */
export function ChangingNumber({ value, text }: { readonly value: number | null; readonly text: string }) {
  const element = useRef<HTMLSpanElement>(null);
  const shown = useRef(value);
  useEffect(() => {
    if (shown.current === value) return;
    shown.current = value;
    element.current?.animate(
      [{ backgroundColor: "var(--op-changed)" }, { backgroundColor: "var(--op-changed)", offset: 0.3 }, {}],
      // In steps: fifty changes a second would otherwise be painted sixty times a second each.
      { duration: FADE_MS, easing: "steps(8)" },
    );
  }, [value]);
  return (
    <span ref={element} className={classes["number"]}>
      {text}
    </span>
  );
}
