import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { wordsQuery } from "../../features/intake/api/get-keepers.ts";
import { KeeperWords } from "../../features/intake/components/keeper-words.tsx";
import { availabilityQuery, locationsQuery, returningQuery } from "../../features/ledger/api/get-places.ts";
import { IncomingList } from "../../features/ledger/components/incoming-list.tsx";
import { PlaceTable } from "../../features/ledger/components/place-table.tsx";
import { ReturningList } from "../../features/ledger/components/returning-list.tsx";
import { useLanguage } from "../../locales/language.tsx";
import { Failure } from "../../ui/failure.tsx";
import { Panel } from "../../ui/panel.tsx";

import classes from "./sku-places.module.css";

/** Where a SKU lies, what its keepers say, and what is on its way here or back. */
export function SkuPlaces({ sku }: { readonly sku: string }) {
  const { t } = useLanguage();
  const { data, error, refetch } = useQuery(availabilityQuery(sku));
  const { data: locations } = useQuery(locationsQuery);
  const { data: words } = useQuery(wordsQuery(sku));
  const { data: orders } = useQuery(returningQuery(sku));
  if (data === undefined && error !== null) return <Failure error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Panel title={t("places.title")}>
        {data === undefined ? (
          <Skeleton height={80} />
        ) : (
          <PlaceTable
            places={data.locations}
            locations={locations}
            keeperWord={(code) => (
              <KeeperWords words={(words ?? []).filter(({ level }) => level.location === code)} />
            )}
          />
        )}
      </Panel>
      <div className={classes["ways"]}>
        <Panel title={t("places.incoming")}>
          {data === undefined ? <Skeleton height={20} /> : <IncomingList incoming={data.incomingAt} />}
        </Panel>
        <Panel title={t("places.returning")}>
          {data === undefined ? (
            <Skeleton height={20} />
          ) : (
            <ReturningList sku={sku} returning={data.returning} orders={orders ?? []} />
          )}
        </Panel>
      </div>
    </>
  );
}
