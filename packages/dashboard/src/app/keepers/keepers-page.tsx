import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import type { KeeperStanding } from "../../api/contract.ts";
import { keepersQuery } from "../../features/intake/api/get-keepers.ts";
import { gravestFirst } from "../../features/intake/api/keeper-state.ts";
import { useLanguage } from "../../locales/language.tsx";
import { Failure } from "../../ui/failure.tsx";
import { Message } from "../../ui/message.tsx";
import { usePageTitle } from "../../ui/page-title.ts";
import { useLive } from "../live/live-updates.tsx";
import { KeeperCard } from "./keeper-card.tsx";

import classes from "../../ui/card-page.module.css";

/** Every keeper: whether its word agrees with the ledger, what differs, and what waits for a decision. */
export function KeepersPage() {
  const { t } = useLanguage();
  usePageTitle(t("keepers.title"), t("app.name"));
  const { ready } = useLive();
  const { data, error, refetch } = useQuery({ ...keepersQuery, enabled: ready });
  return (
    <div className={classes["page"]}>
      <h1 className={classes["title"]}>{t("keepers.title")}</h1>
      {data !== undefined && <Keepers keepers={data} />}
      {data === undefined && error !== null && <Failure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <KeepersSkeleton />}
    </div>
  );
}

function Keepers({ keepers }: { readonly keepers: readonly KeeperStanding[] }) {
  const { t } = useLanguage();
  if (keepers.length === 0) {
    return (
      <Message
        icon="pool"
        title={t("keepers.empty.title")}
        action={<a href="/docs">{t("channels.empty.docs")}</a>}
      >
        {t("keepers.empty.body")}
      </Message>
    );
  }
  return (
    <ul className={classes["cards"]}>
      {gravestFirst(keepers).map((keeper) => (
        <KeeperCard key={keeper.connection} keeper={keeper} />
      ))}
    </ul>
  );
}

function KeepersSkeleton() {
  const { t } = useLanguage();
  return (
    <output aria-label={t("app.loading")} style={{ display: "block" }}>
      <Skeleton height={220} mb={16} />
      <Skeleton height={220} />
    </output>
  );
}
