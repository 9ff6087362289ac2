import type { SkuNumbers } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { stockState } from "../api/stock-state.ts";

import classes from "./state-label.module.css";

/** How much is left, in words. What is in order stays quiet. */
export function StateLabel({ row }: { readonly row: SkuNumbers }) {
  const { t, format } = useLanguage();
  const state = stockState(row);
  return (
    <span className={classes["label"]} data-state={state}>
      {state === "oversold"
        ? t("state.oversold", { units: format.units(-row.available) })
        : t(`state.${state}`)}
    </span>
  );
}
