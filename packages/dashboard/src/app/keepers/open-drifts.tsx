import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";

import type { KeeperStanding } from "../../api/contract.ts";
import { openLevelsQuery } from "../../features/intake/api/get-keepers.ts";
import { DriftTable } from "../../features/intake/components/drift-table.tsx";
import { SkuLink } from "../../features/ledger/components/sku-link.tsx";
import { useLanguage } from "../../locales/language.tsx";
import { Failure } from "../../ui/failure.tsx";
import { Panel } from "../../ui/panel.tsx";
import { DriftActions } from "./drift-actions.tsx";

const skuLink = (sku: string) => <SkuLink sku={sku} />;

/** What differs at one keeper; where it is live, each waits for a decision. */
export function OpenDrifts({ keeper }: { readonly keeper: KeeperStanding }) {
  const { t } = useLanguage();
  const { connection, mode } = keeper;
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    openLevelsQuery(connection),
  );
  const label = t(mode === "live" ? "keepers.open" : "keepers.compared");
  return (
    <Panel title={label}>
      {data === undefined && error !== null && <Failure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton height={40 * Math.min(keeper.levels.open + 1, 8)} />}
      {data !== undefined && (
        <DriftTable
          levels={data.pages.flatMap(({ levels }) => levels)}
          {...{ label, skuLink }}
          actions={(level) => <DriftActions {...{ keeper, level }} />}
        />
      )}
      {hasNextPage && (
        <Button variant="default" mt="sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("keepers.more")}
        </Button>
      )}
    </Panel>
  );
}
