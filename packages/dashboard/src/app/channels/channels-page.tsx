import { useQuery } from "@tanstack/react-query";

import type { ConnectionView } from "../../api/contract.ts";
import { gravestFirst } from "../../features/observe/api/channel-order.ts";
import { connectionsQuery } from "../../features/observe/api/get-connections.ts";
import { useLanguage } from "../../locales/language.tsx";
import { Failure } from "../../ui/failure.tsx";
import { Message } from "../../ui/message.tsx";
import { usePageTitle } from "../../ui/page-title.ts";
import { useLive } from "../live/live-updates.tsx";
import { ChannelCard } from "./channel-card.tsx";

import classes from "../../ui/card-page.module.css";

/** Every connection: how it is doing, how long a change takes there, and what last happened. */
export function ChannelsPage() {
  const { t } = useLanguage();
  usePageTitle(t("channels.title"), t("app.name"));
  const { ready } = useLive();
  const { data, error, refetch } = useQuery({ ...connectionsQuery, enabled: ready, refetchInterval: 5_000 });
  return (
    <div className={classes["page"]}>
      <h1 className={classes["title"]}>{t("channels.title")}</h1>
      {data !== undefined && <Channels connections={data} />}
      {data === undefined && error !== null && <Failure error={error} onRetry={() => void refetch()} />}
    </div>
  );
}

function Channels({ connections }: { readonly connections: readonly ConnectionView[] }) {
  const { t } = useLanguage();
  if (connections.length === 0) {
    return (
      <Message
        icon="pool"
        title={t("channels.empty.title")}
        action={<a href="/docs">{t("channels.empty.docs")}</a>}
      >
        {t("channels.empty.body")}
      </Message>
    );
  }
  return (
    <ul className={classes["cards"]}>
      {gravestFirst(connections).map((connection) => (
        <ChannelCard key={connection.code} connection={connection} />
      ))}
    </ul>
  );
}
