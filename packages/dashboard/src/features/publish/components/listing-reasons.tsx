import type { ListingReason } from "../../../api/contract.ts";
import { useLanguage, type Language } from "../../../locales/language.tsx";
import { useAtNow } from "../../../ui/ticking-now.ts";
import { listingMark } from "../api/listing-mark.ts";
import { reckoning } from "../api/reckoning.ts";
import { confirmedText, quantityText, stateText } from "./listing-label.ts";
import { ListingSign } from "./listing-sign.tsx";

import classes from "./listing-reasons.module.css";

interface ListingReasonsProps {
  readonly listings: readonly ListingReason[];
  /** When the pool they sell from last changed, by the server's clock. */
  readonly changedAt: number;
}

/** Per listing: what it shows, whether it should, and the reckoning between the pool and its number. */
export function ListingReasons({ listings, changedAt }: ListingReasonsProps) {
  const { t } = useLanguage();
  if (listings.length === 0) return <p className={classes["none"]}>{t("sku.listings.none")}</p>;
  return (
    <ul className={classes["list"]}>
      {listings.map((listing) => (
        <ListingItem key={`${listing.connection}/${listing.externalId}`} {...{ listing, changedAt }} />
      ))}
    </ul>
  );
}

interface ListingItemProps extends Pick<ListingReasonsProps, "changedAt"> {
  readonly listing: ListingReason;
}

function ListingItem({ listing, changedAt }: ListingItemProps) {
  const language = useLanguage();
  const mark = useAtNow((now) => listingMark({ ...listing, readAt: now, stateSince: changedAt }));
  const confirmed = useAtNow((now) => confirmedText(listing.confirmedAt, now, language));
  return (
    <li className={classes["item"]} data-mark={mark}>
      <div className={classes["head"]}>
        <span className={classes["name"]}>
          <ListingSign mark={mark} />
          {listing.connection}
        </span>
        <span className={classes["id"]} title={listing.title ?? undefined}>
          {listing.externalId}
        </span>
        <span className={classes["quantity"]}>{quantityText(listing.observed, language)}</span>
      </div>
      <p className={classes["sentence"]}>{whySentence(listing, language)}</p>
      {listing.problem !== null && <p className={classes["problem"]}>{listing.problem}</p>}
      <ol className={classes["steps"]}>
        {reckoning(listing.steps, language).map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p className={classes["confirmed"]}>{confirmed}</p>
    </li>
  );
}

function whySentence(listing: ListingReason, language: Language): string {
  const { t } = language;
  const values = {
    observed: quantityText(listing.observed, language),
    desired: quantityText(listing.desired, language),
    pushed: quantityText(listing.pushed, language),
    state: stateText(listing, language),
  };
  switch (listing.state) {
    case "shown":
      return t("why.shown", values);
    case "pushing":
      return t("why.pushing", values);
    case "unread":
      return t("why.unread", values);
    case "import":
    case "shadow":
      return t("why.notLive", { ...values, mode: t(`connection.mode.${listing.state}`) });
    case "unmanaged":
      return t("why.unmanaged", values);
    case "drift":
      return t("why.drift", values);
    case "refused":
    case "failing":
    case "unseen_sale":
    case "held":
      return t("why.hindered", values);
  }
}
