import type { KeeperStanding } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { LEVEL_STATES, levelShares } from "../api/level-shares.ts";

import classes from "./level-bar.module.css";

/** How a keeper's levels stand: a bar shared out among them, with the figures below. */
export function LevelBar({ levels }: { readonly levels: KeeperStanding["levels"] }) {
  const { t, format } = useLanguage();
  const shares = levelShares(levels);
  if (shares.length === 0) return <p className={classes["none"]}>{t("keepers.levels.none")}</p>;
  return (
    <div className={classes["levels"]}>
      <svg className={classes["bar"]} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        {shares.map(({ state, from, width }) => (
          <rect key={state} data-state={state} x={from} width={width} height={8} />
        ))}
      </svg>
      <dl className={classes["figures"]}>
        {LEVEL_STATES.map((state) => (
          <div key={state} className={classes["figure"]} data-nought={levels[state] === 0 ? true : undefined}>
            <dt title={t(`keepers.levels.${state}.hint`)}>
              <span className={classes["mark"]} data-state={state} />
              {t(`keepers.levels.${state}`)}
            </dt>
            <dd>{format.units(levels[state])}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
