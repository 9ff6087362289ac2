import { useId, type ReactNode } from "react";

import classes from "./panel.module.css";

interface PanelProps {
  readonly title: string;
  /** Beside the title, for a figure or a control. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a page. */
export function Panel({ title, aside, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes["panel"]} aria-labelledby={id}>
      <div className={classes["head"]}>
        <h2 id={id} className={classes["title"]}>
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
