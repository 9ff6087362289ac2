import { useLanguage } from "../../../locales/language.tsx";
import { Age } from "../../../ui/age.tsx";
import { Icon } from "../../../ui/icon.tsx";
import type { KeeperWord } from "../api/get-keepers.ts";

import classes from "./keeper-words.module.css";

/** What keepers last said of a SKU at one place, how old it is, and whether it differs from ours. */
export function KeeperWords({ words }: { readonly words: readonly KeeperWord[] }) {
  const { t } = useLanguage();
  if (words.length === 0) return t("places.word.none");
  return words.map((word) => <Word key={word.connection} word={word} />);
}

function Word({ word: { connection, level } }: { readonly word: KeeperWord }) {
  const { t, format } = useLanguage();
  const { sellable, held, asOf, state, drift, driftHeld } = level;
  const differs = state === "open" || state === "suspect";
  const change = drift === 0 ? driftHeld : drift;
  return (
    <span className={classes["word"]}>
      <span className={classes["said"]}>
        {t("places.word.said", { title: connection, units: format.units(sellable) })}
        {held > 0 && `, ${t("places.word.held", { units: format.units(held) })}`}
      </span>{" "}
      · <Age instant={asOf.to} />
      <span className={classes["state"]} data-state={state}>
        <Icon name={differs ? "differs" : "check"} size={12} />
        {t(`places.word.state.${state}`)}
        {differs && ` · ${t("places.word.drift", { change: format.change(change) })}`}
      </span>
    </span>
  );
}
