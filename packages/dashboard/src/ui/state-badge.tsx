import { Icon, type IconName } from "./icon.tsx";
import type { Mark } from "./mark.ts";

import classes from "./state-badge.module.css";

interface StateBadgeProps {
  readonly mark: Mark;
  readonly icon: IconName;
  readonly word: string;
}

/** How something stands: a word, a sign and a colour. */
export function StateBadge({ mark, icon, word }: StateBadgeProps) {
  return (
    <span className={classes["state"]} data-mark={mark}>
      <Icon name={icon} size={13} />
      {word}
    </span>
  );
}
