import type { ListingReason } from "../../../api/contract.ts";
import { useLanguage, type Language } from "../../../locales/language.tsx";
import { useAtNow } from "../../../ui/ticking-now.ts";
import { listingMark, type ListingMark } from "../api/listing-mark.ts";
import { confirmedText, modeText } from "./listing-label.ts";
import { ListingSign } from "./listing-sign.tsx";

import classes from "./listing-reasons.module.css";

interface ListingReasonsProps {
  readonly listings: readonly ListingReason[];
  /** What the pool could show if no rule of the listing took anything away. */
  readonly available: number;
}

/** Per listing: what it shows, whether it should, and the rules between the pool and its number. */
export function ListingReasons({ listings, available }: ListingReasonsProps) {
  const { t } = useLanguage();
  if (listings.length === 0) return <p className={classes["none"]}>{t("sku.listings.none")}</p>;
  return (
    <ul className={classes["list"]}>
      {listings.map((listing) => (
        <ListingItem
          key={`${listing.connection}/${listing.externalId}`}
          listing={listing}
          available={available}
        />
      ))}
    </ul>
  );
}

function ListingItem({
  listing,
  available,
}: {
  readonly listing: ListingReason;
  readonly available: number;
}) {
  const language = useLanguage();
  const mark = listingMark(listing);
  const confirmed = useAtNow((now) => confirmedText(listing.confirmedAt, now, language));
  return (
    <li className={classes["item"]} data-mark={mark}>
      <div className={classes["head"]}>
        <span className={classes["name"]}>
          <ListingSign mark={mark} />
          {listing.connection}
        </span>
        <span className={classes["id"]}>{listing.externalId}</span>
        <span className={classes["quantity"]}>
          {listing.observed === null ? "?" : language.format.units(listing.observed)}
        </span>
      </div>
      <p className={classes["sentence"]}>{shownSentence(listing, mark, language)}</p>
      <p className={classes["rules"]}>{[...rules(listing, available, language), confirmed].join(" · ")}</p>
      {listing.error !== undefined && listing.error !== null && (
        <p className={classes["error"]}>{language.t("why.error", { error: listing.error })}</p>
      )}
    </li>
  );
}

function shownSentence(listing: ListingReason, mark: ListingMark, { t, format }: Language): string {
  const unknown = t("why.unknown");
  const values = {
    observed: listing.observed === null ? unknown : format.units(listing.observed),
    desired: listing.desired === null ? unknown : format.units(listing.desired),
    mode: modeText(listing.mode ?? listing.state, { t }),
  };
  switch (mark) {
    case "asDesired":
      return t("why.shows", values);
    case "pushing":
      return t("why.pushing", values);
    case "silent":
      return t("why.silent", values);
    case "notLive":
      return t("why.notLive", values);
    case "differs":
    case "none":
      return t("why.differs", values);
  }
}

/** From the pool to the listing: what is there, and what the listing's own rules take from it. */
function rules(listing: ListingReason, available: number, { t, format }: Language): readonly string[] {
  const said = [t("why.available", { available: format.units(available) })];
  const { components = [] } = listing;
  // One unit of one SKU goes without saying.
  const recipe = components.length > 1 ? components : components.filter(({ units }) => units > 1);
  for (const { sku, units } of recipe) said.push(t("why.bundle", { sku, units: format.units(units) }));
  const { buffer = 0, floor = 0, cap = null } = listing;
  if (buffer > 0) said.push(t("why.buffer", { units: format.units(buffer) }));
  if (floor > 0) said.push(t("why.floor", { units: format.units(floor) }));
  if (cap !== null) said.push(t("why.cap", { units: format.units(cap) }));
  return said;
}
