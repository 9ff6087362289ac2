import type { ReactNode } from "react";

import type { KeeperLevel } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { Age } from "../../../ui/age.tsx";
import { causeSentence } from "../api/keeper-sentence.ts";

import classes from "./drift-table.module.css";

interface DriftTableProps {
  readonly levels: readonly KeeperLevel[];
  readonly label: string;
  readonly skuLink: (sku: string) => ReactNode;
  /** What one can decide about a level. */
  readonly actions: (level: KeeperLevel) => ReactNode;
}

/** Levels that differ: what we have, what the keeper says, and why that probably is. */
export function DriftTable({ levels, label, skuLink, actions }: DriftTableProps) {
  const { t } = useLanguage();
  return (
    <table className={classes["table"]} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t("pool.column.sku")}</th>
          <th scope="col" className={classes["number"]}>
            {t("keepers.column.ours")}
          </th>
          <th scope="col" className={classes["number"]}>
            {t("keepers.column.theirs")}
          </th>
          <th scope="col" className={classes["number"]}>
            {t("keepers.column.drift")}
          </th>
          <th scope="col">{t("keepers.column.cause")}</th>
          <th scope="col">{t("keepers.column.since")}</th>
          <th scope="col" className={classes["actions"]}>
            {t("keepers.column.decide")}
          </th>
        </tr>
      </thead>
      <tbody>
        {levels.map((level) => (
          <DriftRow key={`${level.location}/${level.sku}`} {...{ level, skuLink, actions }} />
        ))}
      </tbody>
    </table>
  );
}

interface DriftRowProps extends Pick<DriftTableProps, "skuLink" | "actions"> {
  readonly level: KeeperLevel;
}

function DriftRow({ level, skuLink, actions }: DriftRowProps) {
  const language = useLanguage();
  const { t } = language;
  const { sku, item, location, firstDriftAt, recountWantedAt } = level;
  const name = item === sku ? location : t("keepers.calls", { location, item });
  return (
    <tr>
      <th scope="row" className={classes["level"]}>
        <span className={classes["sku"]}>{skuLink(sku)}</span>
        <span className={classes["place"]}>{name}</span>
      </th>
      <Figures name="ours" {...{ level }} />
      <Figures name="theirs" {...{ level }} />
      <Figures name="drift" {...{ level }} />
      <td className={classes["cause"]}>
        {causeSentence(level, language)}
        {recountWantedAt !== null && (
          <span className={classes["recount"]}>
            {t("keepers.recountWanted")} · <Age instant={recountWantedAt} />
          </span>
        )}
      </td>
      <td className={classes["since"]} data-label={t("keepers.column.since")}>
        {firstDriftAt === null ? "–" : <Age instant={firstDriftAt} />}
      </td>
      <td className={classes["actions"]}>{actions(level)}</td>
    </tr>
  );
}

interface FiguresProps {
  readonly name: "ours" | "theirs" | "drift";
  readonly level: KeeperLevel;
}

/** What can be sold, and below it what is damaged where that differs too. */
function Figures({ name, level }: FiguresProps) {
  const { t, format } = useLanguage();
  const { expected, expectedHeld, sellable, driftHeld, drift } = level;
  const [units, damaged] = {
    ours: [format.units(expected), format.units(expectedHeld)],
    theirs: [format.units(sellable), format.units(expectedHeld + driftHeld)],
    drift: [format.change(drift), format.change(driftHeld)],
  }[name];
  return (
    <td className={classes["number"]} data-name={name} data-label={t(`keepers.column.${name}`)}>
      {(drift !== 0 || driftHeld === 0) && <span className={classes["units"]}>{units}</span>}
      {driftHeld !== 0 && (
        <span className={classes["damaged"]}>{t("keepers.damaged", { units: damaged ?? "" })}</span>
      )}
    </td>
  );
}
