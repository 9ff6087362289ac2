import type { ConnectionView } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { Age } from "../../../ui/age.tsx";

import classes from "./channel-facts.module.css";

type Health = ConnectionView["health"];

/** How far a connection's orders have come, and what is left of its calls. */
export function ChannelFacts({ health: { orders, budgets } }: { readonly health: Health }) {
  const { t, format } = useLanguage();
  const writes = budgets?.find(({ budget }) => budget === "writes");
  return (
    <dl className={classes["facts"]}>
      <Fact name={t("channels.orders.complete")}>
        {typeof orders?.completeAt === "string" ? (
          <Age instant={orders.completeAt} />
        ) : (
          t("channels.orders.never")
        )}
      </Fact>
      <Fact name={t("channels.orders.received")}>
        {typeof orders?.receivedAt === "string" ? <Age instant={orders.receivedAt} /> : "–"}
      </Fact>
      <Fact name={t("channels.orders.unread")}>{orders === null ? "–" : format.units(orders.unread)}</Fact>
      <Fact name={t("channels.calls.writes")}>
        {writes === undefined
          ? "–"
          : t("channels.calls.left", { left: format.units(writes.left), burst: format.units(writes.burst) })}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div className={classes["fact"]}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
