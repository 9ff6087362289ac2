import { useLanguage } from "../../../locales/language.tsx";
import type { IconName } from "../../../ui/icon.tsx";
import type { Mark } from "../../../ui/mark.ts";
import { StateBadge } from "../../../ui/state-badge.tsx";
import { channelMark, type ChannelState as State } from "../api/channel-order.ts";

const icons: Readonly<Record<Mark, IconName>> = {
  calm: "check",
  moving: "moving",
  warning: "silent",
  critical: "alert",
};

/** How a connection is doing. */
export function ChannelState({ state }: { readonly state: State }) {
  const { t } = useLanguage();
  const mark = channelMark(state);
  return <StateBadge mark={mark} icon={icons[mark]} word={t(`channels.state.${state}`)} />;
}
