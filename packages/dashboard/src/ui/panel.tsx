import { useId, type ReactNode } from "react";

import classes from "./panel.module.css";

interface PanelProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** A titled part of a page. */
export function Panel({ title, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes["panel"]} aria-labelledby={id}>
      <h2 id={id} className={classes["title"]}>
        {title}
      </h2>
      <div>{children}</div>
    </section>
  );
}
