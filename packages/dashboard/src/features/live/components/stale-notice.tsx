import { serverNow } from "../../../api/server-clock.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { Icon } from "../../../ui/icon.tsx";
import type { StreamState } from "../api/follow-stream.ts";

import classes from "./stale-notice.module.css";

/** While the stream is away: as of when the numbers are. Lies above the page, so that nothing moves when it comes. */
export function StaleNotice({ state, asOf }: { readonly state: StreamState; readonly asOf: number | null }) {
  const { t, format } = useLanguage();
  if (asOf === null || (state !== "offline" && state !== "reconnecting")) return null;
  return (
    <output className={classes["notice"]} data-state={state}>
      <Icon name="silent" />
      {t(`live.${state}.since`, { moment: format.moment(asOf, serverNow()) })}
    </output>
  );
}
