import type { ListingView } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { Age } from "../../../ui/age.tsx";
import { ChangingNumber } from "../../../ui/changing-number.tsx";
import { useAtNow } from "../../../ui/ticking-now.ts";
import { worstListing, type ListingMark, type TimedState } from "../api/listing-mark.ts";
import { listingSentence, quantityText, stateText } from "./listing-label.ts";
import { ListingSign } from "./listing-sign.tsx";

import classes from "./listing-cell.module.css";

/**
 * What one channel shows of a SKU: the quantity with its sign, and below it what is off, or how long ago the channel
 * confirmed it. The worst of several listings speaks for all.
 */
export function ListingCell({ listings }: { readonly listings: readonly (ListingView & TimedState)[] }) {
  const worst = worstListing(listings);
  if (worst === null) return <span className={classes["nothing"]}>–</span>;
  return <SpeakingListing {...worst} others={listings.length - 1} />;
}

interface SpeakingListingProps {
  readonly listing: ListingView & TimedState;
  readonly mark: ListingMark;
  readonly others: number;
}

function SpeakingListing({ listing, mark, others }: SpeakingListingProps) {
  const language = useLanguage();
  const sentence = useAtNow((now) => listingSentence(listing, now, language));
  return (
    <div className={classes["cell"]} title={sentence}>
      <span className={classes["quantity"]}>
        <ListingSign mark={mark} />
        <ChangingNumber value={listing.observed} text={quantityText(listing.observed, language)} />
        {others > 0 && (
          <span className={classes["others"]} title={language.t("listing.more", { count: others })}>
            +{others}
          </span>
        )}
      </span>
      <span className={classes["detail"]} data-mark={mark}>
        {mark === "asDesired" && listing.confirmedAt !== null ? (
          <Age instant={listing.confirmedAt} />
        ) : (
          stateText(listing, language)
        )}
      </span>
    </div>
  );
}
