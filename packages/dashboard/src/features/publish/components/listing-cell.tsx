import type { ListingView } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { Age } from "../../../ui/age.tsx";
import { ChangingNumber } from "../../../ui/changing-number.tsx";
import { useAtNow } from "../../../ui/ticking-now.ts";
import { worstListing, type ListingMark } from "../api/listing-mark.ts";
import { listingSentence, markText } from "./listing-label.ts";
import { ListingSign } from "./listing-sign.tsx";

import classes from "./listing-cell.module.css";

/**
 * What one channel shows of a SKU: the quantity with its sign, and below it what is off, or how long ago the channel
 * confirmed it. The worst of several listings speaks for all.
 */
export function ListingCell({ listings }: { readonly listings: readonly ListingView[] }) {
  const worst = worstListing(listings);
  if (worst === null) return <span className={classes["nothing"]}>–</span>;
  return <SpeakingListing {...worst} others={listings.length - 1} />;
}

interface SpeakingListingProps {
  readonly listing: ListingView;
  readonly mark: ListingMark;
  readonly others: number;
}

function SpeakingListing({ listing, mark, others }: SpeakingListingProps) {
  const language = useLanguage();
  const { t, format } = language;
  const sentence = useAtNow((now) => listingSentence(listing, mark, now, language));
  const observed = listing.observed === null ? "?" : format.units(listing.observed);
  const calm = mark === "asDesired" || mark === "none";
  return (
    <div className={classes["cell"]} title={sentence}>
      <span className={classes["quantity"]}>
        <ListingSign mark={mark} />
        <ChangingNumber value={listing.observed} text={observed} />
        {others > 0 && (
          <span className={classes["others"]} title={t("listing.more", { count: others })}>
            +{others}
          </span>
        )}
      </span>
      <span className={classes["detail"]} data-mark={mark}>
        {calm && listing.confirmedAt !== null ? (
          <Age instant={listing.confirmedAt} />
        ) : (
          markText(listing, mark, language)
        )}
      </span>
    </div>
  );
}
