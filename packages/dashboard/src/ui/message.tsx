import type { ReactNode } from "react";

import { Icon, type IconName } from "./icon.tsx";

import classes from "./message.module.css";

interface MessageProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  /** What the person can do about it. */
  readonly action?: ReactNode;
  /** Spoken at once by screen readers: something failed. */
  readonly urgent?: boolean;
}

/** What stands where content would be: nothing there yet, nothing found, not loaded. */
export function Message({ icon, title, children, action, urgent = false }: MessageProps) {
  return (
    <div className={classes["message"]} role={urgent ? "alert" : undefined}>
      <Icon name={icon} size={28} />
      <h2 className={classes["title"]}>{title}</h2>
      {children !== undefined && <div className={classes["body"]}>{children}</div>}
      {action}
    </div>
  );
}
