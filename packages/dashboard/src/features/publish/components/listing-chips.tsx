import type { ListingView } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { ChangingNumber } from "../../../ui/changing-number.tsx";
import { useAtNow } from "../../../ui/ticking-now.ts";
import { listingMark, type TimedState } from "../api/listing-mark.ts";
import { listingSentence, quantityText } from "./listing-label.ts";
import { ListingSign } from "./listing-sign.tsx";

import classes from "./listing-chips.module.css";

/** Listings in one line, for narrow screens: channel, sign, quantity, and the one on its way. */
export function ListingChips({ listings }: { readonly listings: readonly (ListingView & TimedState)[] }) {
  return (
    <span className={classes["chips"]}>
      {listings.map((listing) => (
        <ListingChip key={`${listing.connection}/${listing.externalId}`} listing={listing} />
      ))}
    </span>
  );
}

function ListingChip({ listing }: { readonly listing: ListingView & TimedState }) {
  const language = useLanguage();
  const mark = listingMark(listing);
  const sentence = useAtNow((now) => listingSentence(listing, now, language));
  return (
    <span className={classes["chip"]} title={sentence}>
      <span className={classes["name"]}>{listing.connection}</span>
      {mark !== "pushing" && <ListingSign mark={mark} />}
      <ChangingNumber value={listing.observed} text={quantityText(listing.observed, language)} />
      {mark === "pushing" && (
        <span className={classes["target"]}>
          → {listing.pushed === null ? "" : quantityText(listing.pushed, language)}
        </span>
      )}
    </span>
  );
}
