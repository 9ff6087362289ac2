import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import type { KeeperOrder } from "../../api/contract.ts";
import { retryKeeperOrder } from "../../features/intake/api/decide.ts";
import { keeperOrdersQuery } from "../../features/intake/api/get-keepers.ts";
import { RefusedList } from "../../features/intake/components/refused-list.tsx";
import { useLanguage } from "../../locales/language.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Refused } from "./confirm.tsx";
import { useDecision } from "./use-decision.ts";

/** Orders given to a keeper that it refused, or that left too late to be cancelled. Nothing where there is none. */
export function RefusedOrders({ connection }: { readonly connection: string }) {
  const { t } = useLanguage();
  const { data: refused } = useQuery(keeperOrdersQuery("refused"));
  const { data: late } = useQuery(keeperOrdersQuery("too_late"));
  const orders = [...(refused?.keeperOrders ?? []), ...(late?.keeperOrders ?? [])].filter(
    (order) => order.connection === connection,
  );
  if (orders.length === 0) return null;
  const label = t("keepers.orders");
  return (
    <Panel title={label}>
      <RefusedList {...{ orders, label }} retry={(order) => <Retry order={order} />} />
    </Panel>
  );
}

/** Only what was refused can be given again; what left has left. */
function Retry({ order: { reference, state, orderId } }: { readonly order: KeeperOrder }) {
  const { t } = useLanguage();
  const retry = useDecision(() => retryKeeperOrder(reference));
  if (state !== "refused") return null;
  return (
    <div>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={t("keepers.order.retry.of", { orderId })}
        loading={retry.isPending}
        onClick={() => retry.mutate(undefined)}
      >
        {t("keepers.order.retry")}
      </Button>
      <Refused error={retry.error} />
    </div>
  );
}
