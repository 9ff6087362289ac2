// What keepers say, in sentences as a seller would say them. Pure: (level, language) in, text out.
import type { KeeperLevel } from "../../../api/contract.ts";
import type { Language } from "../../../locales/language.tsx";
import type { MessageKey } from "../../../locales/locale.ts";

type Words = Pick<Language, "t" | "format">;
type Causes = NonNullable<KeeperLevel["likelyCause"]>;

const causes: Readonly<Record<Causes, MessageKey>> = {
  shipment_not_told: "keepers.cause.shipmentNotTold",
  not_left_yet: "keepers.cause.notLeftYet",
  receipt_not_told: "keepers.cause.receiptNotTold",
  return_not_told: "keepers.cause.returnNotTold",
  damage_not_told: "keepers.cause.damageNotTold",
  unlinked_pick: "keepers.cause.unlinkedPick",
  never_explained: "keepers.cause.neverExplained",
};

/** Why the keeper probably says something else. */
export function causeSentence({ likelyCause, drift, driftHeld }: KeeperLevel, { t }: Words): string {
  const isFewer = (drift === 0 ? driftHeld : drift) < 0;
  if (likelyCause === null || causes[likelyCause] === undefined || likelyCause === "never_explained")
    return t(isFewer ? "keepers.cause.neverExplained.fewer" : "keepers.cause.neverExplained");
  return t(causes[likelyCause], { units: Math.abs(drift === 0 ? driftHeld : drift) });
}

/** What accepting books: one sentence per bucket that is counted. */
export function bookingSentences(level: KeeperLevel, { t, format }: Words): readonly string[] {
  const { sku, location, drift, driftHeld, expected, expectedHeld } = level;
  const change = (key: MessageKey, before: number, units: number): string =>
    t(key, {
      sku,
      location,
      before: format.units(before),
      after: format.units(before + units),
      change: format.change(units),
    });
  return [
    ...(drift === 0 ? [] : [change("keepers.accept.sellable", expected, drift)]),
    ...(driftHeld === 0 ? [] : [change("keepers.accept.damaged", expectedHeld, driftHeld)]),
  ];
}
