import type { ListingView } from "../../../api/contract.ts";
import type { Language } from "../../../locales/language.tsx";
import type { ListingMark } from "../api/listing-mark.ts";

type Words = Pick<Language, "t" | "format">;

/** A mark in words, as short as a cell needs. */
export function markText(listing: ListingView, mark: ListingMark, { t, format }: Words): string {
  const units = listing.desired === null ? "?" : format.units(listing.desired);
  switch (mark) {
    case "asDesired":
      return t("listing.asDesired");
    case "pushing": {
      const pushed = listing.pushed ?? listing.desired;
      return t("listing.pushing", { units: pushed === null ? "?" : format.units(pushed) });
    }
    case "differs":
      return t("listing.differs", { units });
    case "silent":
      return t("listing.silent");
    case "notLive":
      return t("listing.notLive", { mode: modeText(listing.state, { t }) });
    case "none":
      return t("listing.none");
  }
}

/** A connection's mode in words; a word of a newer server stands as it is. */
export function modeText(mode: string, { t }: Pick<Words, "t">): string {
  return mode === "import" || mode === "shadow" || mode === "live" ? t(`connection.mode.${mode}`) : mode;
}

/** Everything a cell says, as one sentence for screen readers and the hint. */
export function listingSentence(listing: ListingView, mark: ListingMark, now: number, words: Words): string {
  const { t, format } = words;
  const unknown = t("listing.unknown");
  return t("listing.label", {
    externalId: listing.externalId,
    connection: listing.connection,
    observed: listing.observed === null ? unknown : format.units(listing.observed),
    desired: listing.desired === null ? unknown : format.units(listing.desired),
    mark: markText(listing, mark, words),
    confirmed: confirmedText(listing.confirmedAt, now, words),
  });
}

export function confirmedText(confirmedAt: string | null, now: number, { t, format }: Words): string {
  if (confirmedAt === null) return t("listing.neverConfirmed");
  const age = format.age(now - Date.parse(confirmedAt));
  return age === null ? t("listing.confirmedNow") : t("listing.confirmed", { age });
}
