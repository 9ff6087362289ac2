import type { KeeperStanding } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import type { IconName } from "../../../ui/icon.tsx";
import type { Mark } from "../../../ui/mark.ts";
import { StateBadge } from "../../../ui/state-badge.tsx";
import { keeperMark, keeperState } from "../api/keeper-state.ts";

const icons: Readonly<Record<Mark, IconName>> = {
  calm: "check",
  moving: "moving",
  warning: "differs",
  critical: "alert",
};

/** How a keeper stands. */
export function KeeperBadge({ keeper }: { readonly keeper: KeeperStanding }) {
  const { t } = useLanguage();
  const state = keeperState(keeper);
  const mark = keeperMark(state);
  const icon = state === "silent" ? "silent" : icons[mark];
  return <StateBadge mark={mark} icon={icon} word={t(`keepers.state.${state}`)} />;
}
