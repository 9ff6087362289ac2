import { useLanguage } from "../../../locales/language.tsx";
import { Icon, type IconName } from "../../../ui/icon.tsx";
import { channelMark, type ChannelMark, type ChannelState as State } from "../api/channel-order.ts";

import classes from "./channel-state.module.css";

const icons: Readonly<Record<ChannelMark, IconName>> = {
  calm: "check",
  moving: "moving",
  warning: "silent",
  critical: "alert",
};

/** How a connection is doing: a word, a sign and a colour. */
export function ChannelState({ state }: { readonly state: State }) {
  const { t } = useLanguage();
  const mark = channelMark(state);
  return (
    <span className={classes["state"]} data-mark={mark}>
      <Icon name={icons[mark]} size={13} />
      {t(`channels.state.${state}`)}
    </span>
  );
}
