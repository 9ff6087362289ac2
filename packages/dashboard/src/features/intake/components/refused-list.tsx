import type { ReactNode } from "react";

import type { KeeperOrder } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { Age } from "../../../ui/age.tsx";

import classes from "./refused-list.module.css";

interface RefusedListProps {
  readonly orders: readonly KeeperOrder[];
  readonly label: string;
  readonly retry: (order: KeeperOrder) => ReactNode;
}

/** Orders that a keeper would not ship, or shipped although they were cancelled. */
export function RefusedList({ orders, label, retry }: RefusedListProps) {
  return (
    <ul className={classes["list"]} aria-label={label}>
      {orders.map((order) => (
        <RefusedOrder key={order.reference} {...{ order, retry }} />
      ))}
    </ul>
  );
}

function RefusedOrder({ order, retry }: Pick<RefusedListProps, "retry"> & { readonly order: KeeperOrder }) {
  const { t, format } = useLanguage();
  const { channel, orderId, state, lines, error, endedAt, sentAt, createdAt } = order;
  return (
    <li className={classes["order"]} data-state={state}>
      <div className={classes["what"]}>
        <p className={classes["line"]}>
          <strong>{t("keepers.order", { channel, orderId })}</strong>{" "}
          {t(state === "too_late" ? "keepers.order.tooLate" : "keepers.order.refused")}
        </p>
        <p className={classes["muted"]}>
          {lines.map(({ sku, units }) => `${format.units(units)} × ${sku}`).join(", ")} ·{" "}
          <Age instant={endedAt ?? sentAt ?? createdAt} />
        </p>
        {error !== null && (
          <p className={classes["why"]} lang="en">
            {error}
          </p>
        )}
        <p className={classes["muted"]}>
          {t(state === "too_late" ? "keepers.order.tooLate.mend" : "keepers.order.refused.mend")}
        </p>
      </div>
      {retry(order)}
    </li>
  );
}
