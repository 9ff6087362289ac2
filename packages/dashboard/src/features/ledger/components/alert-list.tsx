import { VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import type { AlertView } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import type { Translate } from "../../../locales/translate.ts";
import { Age } from "../../../ui/age.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { alertsQuery } from "../api/get-alerts.ts";
import { SkuLink } from "./sku-link.tsx";

import classes from "./alert-list.module.css";

const knownKinds = [
  "oversold",
  "unmapped_sale",
  "cancelled_no_stock",
  "cancel_requested",
  "brake",
  "channel_blind",
  "not_subscribed",
  "notification_stuck",
  "keeper_silent",
  "keeper_drift",
  "keeper_snapshot_suspicious",
  "keeper_code_unknown",
  "keeper_order_unknown",
  "keeper_allocation_differs",
  "return_missing",
  "return_overdue",
] as const;
type Proposal = NonNullable<AlertView["proposal"]>;
type KnownKind = (typeof knownKinds)[number];

/** What is wrong now, the gravest first. */
export function AlertList() {
  const { t } = useLanguage();
  const { data } = useQuery(alertsQuery);
  if (data === undefined) return null;
  if (data.alerts.length === 0) {
    return (
      <p className={classes["none"]}>
        <Icon name="check" size={14} /> {t("alerts.none")}
      </p>
    );
  }
  return (
    <ul className={classes["list"]}>
      {gravestFirst(data.alerts).map((alert) => (
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
        {alert.sku !== null && <SkuLink sku={alert.sku} />} {whatText(alert, t)}
      </p>
      {alert.proposal !== null && <p className={classes["proposal"]}>{proposalText(alert.proposal, t)}</p>}
    </li>
  );
}

/** What is wrong. Where the server's own sentence names more than its figures do, that one is shown. */
function whatText({ kind, units, message, order }: AlertView, t: Translate): string {
  if (kind === "oversold") return t("alerts.what.oversold", { units });
  if (kind === "cancelled_no_stock" && order !== null) {
    return t("alerts.what.cancelled_no_stock", { orderId: order.orderId, channel: order.channel });
  }
  if (kind === "cancel_requested" && order !== null) {
    const { orderId, channel } = order;
    return t("alerts.what.cancel_requested", { orderId, channel, units });
  }
  return message;
}

/** What would put it right. */
function proposalText({ order, reservationId, units }: Proposal, t: Translate): string {
  if (order !== null) {
    return t("alerts.giveUp.order", { orderId: order.orderId, channel: order.channel, units });
  }
  return t("alerts.giveUp.hold", { id: reservationId ?? "?", units });
}

function isKnown(kind: string): kind is KnownKind {
  return knownKinds.some((known) => known === kind);
}
