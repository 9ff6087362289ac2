import type { Preview } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { reckoning } from "../api/reckoning.ts";
import { quantityText } from "./listing-label.ts";

import classes from "./preview-table.module.css";

type Listing = Preview["listings"][number];

/** Every listing with what it shows, what it would be set to, and the reckoning between. */
export function PreviewTable({ listings }: { readonly listings: readonly Listing[] }) {
  const { t } = useLanguage();
  return (
    <table className={classes["table"]}>
      <thead>
        <tr>
          <th scope="col">{t("preview.column.listing")}</th>
          <th scope="col" className={classes["number"]}>
            {t("preview.column.shows")}
          </th>
          <th scope="col" className={classes["number"]}>
            {t("preview.column.would")}
          </th>
          <th scope="col" className={classes["number"]}>
            {t("preview.column.change")}
          </th>
          <th scope="col">{t("preview.column.why")}</th>
        </tr>
      </thead>
      <tbody>
        {listings.map((listing) => (
          <PreviewRow key={listing.externalId} listing={listing} />
        ))}
      </tbody>
    </table>
  );
}

function PreviewRow({ listing }: { readonly listing: Listing }) {
  const language = useLanguage();
  const { t, format } = language;
  const { externalId, title, components, observed, desired, change, effect, reason, steps } = listing;
  return (
    <tr data-effect={effect}>
      <th scope="row" className={classes["listing"]}>
        <span className={classes["id"]}>{externalId}</span>
        <span className={classes["title"]}>{title ?? components.map(({ sku }) => sku).join(", ")}</span>
      </th>
      <td className={classes["number"]} data-label={t("preview.column.shows")}>
        {quantityText(observed, language)}
      </td>
      <td className={classes["number"]} data-label={t("preview.column.would")}>
        {format.units(desired)}
      </td>
      <td className={classes["number"]} data-label={t("preview.column.change")}>
        <span className={classes["change"]}>
          {change === null ? t("preview.unread") : change === 0 ? "–" : format.change(change)}
        </span>
      </td>
      <td className={classes["why"]}>
        {reason !== null && <span className={classes["reason"]}>{reason}</span>}
        {reckoning(steps, language).join(" · ")}
      </td>
    </tr>
  );
}
