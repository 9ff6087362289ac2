import { VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import type { AlertView } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { Age } from "../../../ui/age.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { alertsQuery } from "../api/get-alerts.ts";
import { SkuLink } from "./sku-link.tsx";

import classes from "./alert-list.module.css";

const knownKinds = ["oversold", "unmapped_sale", "cancelled_no_stock"] as const;
type KnownKind = (typeof knownKinds)[number];

/** What is wrong now, the gravest first. */
export function AlertList() {
  const { t } = useLanguage();
  const { data } = useQuery(alertsQuery);
  if (data === undefined) return null;
  if (data.length === 0) {
    return (
      <p className={classes["none"]}>
        <Icon name="check" size={14} /> {t("alerts.none")}
      </p>
    );
  }
  return (
    <ul className={classes["list"]}>
      {gravestFirst(data).map((alert) => (
        <AlertItem key={alert.id} alert={alert} />
      ))}
    </ul>
  );
}

const gravity = { critical: 0, warning: 1, info: 2 } as const;

function gravestFirst(alerts: readonly AlertView[]): readonly AlertView[] {
  return alerts.toSorted(
    (a, b) => gravity[a.severity] - gravity[b.severity] || b.openedAt.localeCompare(a.openedAt),
  );
}

function AlertItem({ alert }: { readonly alert: AlertView }) {
  const { t } = useLanguage();
  return (
    <li className={classes["item"]} data-severity={alert.severity}>
      <div className={classes["head"]}>
        <span className={classes["kind"]}>
          <Icon name="alert" size={13} />
          <VisuallyHidden>{t(`alerts.severity.${alert.severity}`)}:</VisuallyHidden>
          {isKnown(alert.kind) ? t(`alerts.kind.${alert.kind}`) : alert.kind}
        </span>
        <Age instant={alert.openedAt} />
      </div>
      <p className={classes["what"]}>
        {alert.sku !== null && <SkuLink sku={alert.sku} />} {alert.message}
      </p>
      {alert.order !== null && (
        <p className={classes["order"]}>
          {t("alerts.order", { orderId: alert.order.orderId, channel: alert.order.channel })}
        </p>
      )}
    </li>
  );
}

function isKnown(kind: string): kind is KnownKind {
  return knownKinds.some((known) => known === kind);
}
