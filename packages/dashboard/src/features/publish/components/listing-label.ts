import type { ListingView } from "../../../api/contract.ts";
import type { Language } from "../../../locales/language.tsx";
import { isPassing, type TimedState } from "../api/listing-mark.ts";

type Words = Pick<Language, "t" | "format">;

/** What one does not know yet. */
const UNKNOWN = "?";

/** A quantity of a listing; nobody knows it before the first reading. */
export function quantityText(quantity: number | null, { format }: Pick<Words, "format">): string {
  return quantity === null ? UNKNOWN : format.units(quantity);
}

/** A listing's state in words, as short as a cell needs. */
export function stateText(listing: ListingView & TimedState, words: Words): string {
  const { t } = words;
  // Without the quantity: in a rush of sales the pool is already further than the last reading of the listing.
  if (isPassing(listing)) return t("listing.due");
  if (listing.state === "pushing")
    return t("listing.pushing", { units: quantityText(listing.pushed, words) });
  if (listing.state === "drift") return t("listing.drift", { units: quantityText(listing.desired, words) });
  return t(`listing.state.${listing.state}`);
}

/** Everything a cell says, as one sentence for screen readers and the hint. */
export function listingSentence(listing: ListingView & TimedState, now: number, words: Words): string {
  const sentence = words.t("listing.label", {
    externalId: listing.externalId,
    connection: listing.connection,
    observed: quantityText(listing.observed, words),
    desired: quantityText(listing.desired, words),
    state: stateText(listing, words),
    confirmed: confirmedText(listing.confirmedAt, now, words),
  });
  return listing.problem === null ? sentence : `${sentence} ${listing.problem}`;
}

/** How long ago the channel was seen to show what it was told. */
export function confirmedText(confirmedAt: string | null, now: number, { t, format }: Words): string {
  if (confirmedAt === null) return t("listing.neverConfirmed");
  const age = format.age(now - Date.parse(confirmedAt));
  return age === null ? t("listing.confirmedNow") : t("listing.confirmed", { age });
}
