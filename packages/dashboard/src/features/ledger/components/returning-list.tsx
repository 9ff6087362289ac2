import type { OrderView } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { returningUnits } from "../api/returning-units.ts";

import classes from "./returning-list.module.css";

interface ReturningListProps {
  readonly sku: string;
  /** All units of it on their way back. */
  readonly returning: number;
  readonly orders: readonly OrderView[];
}

/** What is on its way back, by the orders it belongs to. Not sellable before it came and was looked at. */
export function ReturningList({ sku, returning, orders }: ReturningListProps) {
  const { t } = useLanguage();
  if (returning === 0) return <p className={classes["none"]}>{t("places.returning.none")}</p>;
  const parts = orders
    .map((order) => ({ ...order, units: returningUnits(order, sku) }))
    .filter(({ units }) => units > 0);
  const others = returning - parts.reduce((sum, { units }) => sum + units, 0);
  return (
    <ul className={classes["list"]}>
      {parts.map(({ channel, orderId, units }) => (
        <li key={`${channel}/${orderId}`} className={classes["item"]}>
          <span>{t("places.returning.order", { channel, orderId })}</span>
          <span className={classes["units"]}>{t("places.returning.units", { units })}</span>
        </li>
      ))}
      {others > 0 && <li className={classes["item"]}>{t("places.returning.others", { units: others })}</li>}
    </ul>
  );
}
