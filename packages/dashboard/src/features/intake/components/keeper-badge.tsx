import type { KeeperStanding } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { Icon, type IconName } from "../../../ui/icon.tsx";
import { keeperMark, type KeeperMark, keeperState } from "../api/keeper-state.ts";

import classes from "./keeper-badge.module.css";

const icons: Readonly<Record<KeeperMark, IconName>> = {
  calm: "check",
  moving: "moving",
  warning: "differs",
  critical: "alert",
};

/** How a keeper stands: a word, a sign and a colour. */
export function KeeperBadge({ keeper }: { readonly keeper: KeeperStanding }) {
  const { t } = useLanguage();
  const state = keeperState(keeper);
  const mark = keeperMark(state);
  return (
    <span className={classes["state"]} data-mark={mark}>
      <Icon name={state === "silent" ? "silent" : icons[mark]} size={13} />
      {t(`keepers.state.${state}`)}
    </span>
  );
}
