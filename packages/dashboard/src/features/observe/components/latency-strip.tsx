import { useQuery } from "@tanstack/react-query";
import { memo } from "react";

import type { ConnectionView, LatencyList } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { connectionsQuery } from "../api/get-connections.ts";
import { latenciesQuery } from "../api/get-latencies.ts";

import classes from "./latency-strip.module.css";

type Hops = LatencyList["latencies"][number]["hops"];

/** Per connection, how long it takes until its channel shows a change: measured, not promised. */
export const LatencyStrip = memo(function LatencyStrip() {
  const { t } = useLanguage();
  const { data: connections } = useQuery(connectionsQuery);
  const { data: latencies } = useQuery(latenciesQuery);
  return (
    <section className={classes["strip"]} aria-label={t("latency.title")}>
      <h2 className={classes["title"]} title={t("latency.hint")}>
        {t("latency.title")}
      </h2>
      {connections?.length === 0 && <span className={classes["none"]}>{t("connection.none")}</span>}
      <ul className={classes["list"]}>
        {connections?.map((connection) => (
          <ConnectionLatency
            key={connection.code}
            connection={connection}
            hops={latencies?.get(connection.code)}
          />
        ))}
      </ul>
    </section>
  );
});

interface ConnectionLatencyProps {
  readonly connection: ConnectionView;
  readonly hops: Hops | undefined;
}

function ConnectionLatency({ connection, hops }: ConnectionLatencyProps) {
  const { t } = useLanguage();
  const confirmed = hops?.committed_to_confirmed;
  return (
    <li className={classes["connection"]}>
      <span className={classes["code"]}>{connection.code}</span>
      {connection.mode !== "live" && (
        <span className={classes["mode"]}>{t(`connection.mode.${connection.mode}`)}</span>
      )}
      {confirmed === undefined || confirmed.samples === 0 ? (
        <span className={classes["none"]}>{t("latency.none")}</span>
      ) : (
        <span className={classes["figures"]} title={t("latency.samples", { count: confirmed.samples })}>
          <Figure label={t("latency.p50")} ms={confirmed.p50} />
          <Figure label={t("latency.p95")} ms={confirmed.p95} />
        </span>
      )}
    </li>
  );
}

function Figure({ label, ms }: { readonly label: string; readonly ms: number | null }) {
  const { format } = useLanguage();
  if (ms === null) return null;
  return (
    <span className={classes["figure"]}>
      {label} <strong>{format.duration(ms)}</strong>
    </span>
  );
}
