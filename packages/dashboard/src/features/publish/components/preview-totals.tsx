import type { Preview } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";

import classes from "./preview-totals.module.css";

type Totals = NonNullable<Preview["totals"]>;

const counts = [
  "rises",
  "falls",
  "toZero",
  "same",
  "unread",
  "refused",
] as const satisfies readonly (keyof Totals)[];

/** How many listings change, and how; and why some cannot be written. */
export function PreviewTotals({ totals }: { readonly totals: Totals }) {
  const { t, format } = useLanguage();
  return (
    <section aria-label={t("preview.totals")} className={classes["totals"]}>
      <dl className={classes["counts"]}>
        {counts.map((count) => (
          <div key={count} className={classes["count"]} data-effect={count} data-none={totals[count] === 0}>
            <dt>{t(`preview.effect.${count}`)}</dt>
            <dd>{format.units(totals[count])}</dd>
          </div>
        ))}
      </dl>
      {totals.toZero > totals.stopsPerHour && (
        <p className={classes["note"]}>{t("preview.brake", { limit: format.units(totals.stopsPerHour) })}</p>
      )}
      {totals.refusals.length > 0 && (
        <ul className={classes["refusals"]}>
          {totals.refusals.map(({ reason, listings }) => (
            <li key={reason}>{t("preview.refusal", { listings, reason })}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
