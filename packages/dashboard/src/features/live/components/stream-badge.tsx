import { useLanguage } from "../../../locales/language.tsx";
import type { StreamState } from "../api/follow-stream.ts";

import classes from "./stream-badge.module.css";

/** Whether what one sees is now: always in the same place, in a word and a dot. */
export function StreamBadge({ state }: { readonly state: Exclude<StreamState, "signedOut"> }) {
  const { t } = useLanguage();
  return (
    <output className={classes["badge"]} data-state={state} title={t(`live.${state}.hint`)}>
      <span className={classes["dot"]} aria-hidden="true" />
      <span className={classes["word"]}>{t(`live.${state}`)}</span>
    </output>
  );
}
