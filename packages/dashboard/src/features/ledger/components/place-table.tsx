import type { ReactNode } from "react";

import type { Availability, LocationView } from "../../../api/contract.ts";
import { type Language, useLanguage } from "../../../locales/language.tsx";
import { ChangingNumber } from "../../../ui/changing-number.tsx";

import classes from "./place-table.module.css";

type Place = Availability["locations"][number];

interface PlaceTableProps {
  readonly places: readonly Place[];
  /** Undefined while they are not read yet. */
  readonly locations: ReadonlyMap<string, LocationView> | undefined;
  /** What keepers last said of the SKU there. */
  readonly keeperWord: (location: string) => ReactNode;
}

const numbers = ["sellable", "qualityControl", "damaged", "incoming"] as const;

/** Each place with what lies there, whom it serves, and what its keeper says. */
export function PlaceTable({ places, locations, keeperWord }: PlaceTableProps) {
  const { t } = useLanguage();
  if (places.length === 0) return <p className={classes["none"]}>{t("places.none")}</p>;
  return (
    <table className={classes["table"]} aria-label={t("places.title")}>
      <thead>
        <tr>
          <th scope="col">{t("places.column.place")}</th>
          {numbers.map((name) => (
            <th key={name} scope="col" className={classes["number"]}>
              {t(`numbers.${name}`)}
            </th>
          ))}
          <th scope="col">{t("places.column.serves")}</th>
          <th scope="col">{t("places.column.word")}</th>
        </tr>
      </thead>
      <tbody>
        {places.map((place) => (
          <PlaceRow
            key={place.location}
            place={place}
            location={locations?.get(place.location)}
            keeperWord={keeperWord}
          />
        ))}
      </tbody>
    </table>
  );
}

interface PlaceRowProps extends Pick<PlaceTableProps, "keeperWord"> {
  readonly place: Place;
  readonly location: LocationView | undefined;
}

function PlaceRow({ place, location, keeperWord }: PlaceRowProps) {
  const language = useLanguage();
  const { t, format } = language;
  const { location: code, kind } = place;
  return (
    <tr data-kind={kind}>
      <th scope="row" className={classes["place"]}>
        <span className={classes["code"]}>{code}</span>
        <span className={classes["kind"]}>
          {[location?.title, t(`places.kind.${kind}`)]
            .filter((part) => part !== undefined && part !== "" && part !== code)
            .join(" · ")}
        </span>
      </th>
      {numbers.map((name) => (
        <td
          key={name}
          className={classes["number"]}
          data-label={t(`numbers.${name}`)}
          data-nought={place[name] === 0 ? true : undefined}
        >
          <ChangingNumber value={place[name]} text={format.units(place[name])} />
        </td>
      ))}
      <td className={classes["words"]} data-label={t("places.column.serves")}>
        {servesText(kind, location, language)}
      </td>
      <td className={classes["words"]} data-label={t("places.column.word")}>
        {keeperWord(code)}
      </td>
    </tr>
  );
}

function servesText(kind: Place["kind"], location: LocationView | undefined, { t }: Language): string {
  if (kind === "channel") return t("places.serves.itself");
  if (location === undefined) return "";
  if (location.serves === null) return t("places.serves.all");
  return location.serves.length === 0 ? t("places.serves.none") : location.serves.join(", ");
}
