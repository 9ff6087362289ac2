import { useQuery } from "@tanstack/react-query";

import type { ConnectionView } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { connectionsQuery } from "../api/get-connections.ts";

import classes from "./latency-strip.module.css";

/** Per connection, how long a sale takes until its channel confirms the new quantity: measured, not promised. */
export function LatencyStrip() {
  const { t } = useLanguage();
  const { data } = useQuery(connectionsQuery);
  // Channels of the seller's own have nothing to confirm.
  const connections = data?.filter(({ kind }) => kind !== "api") ?? [];
  return (
    <section className={classes["strip"]} aria-label={t("latency.title")}>
      <h2 className={classes["title"]} title={t("latency.hint")}>
        {t("latency.title")}
      </h2>
      {data !== undefined && connections.length === 0 && (
        <span className={classes["none"]}>{t("connection.none")}</span>
      )}
      <ul className={classes["list"]}>
        {connections.map((connection) => (
          <ConnectionLatency key={connection.code} connection={connection} />
        ))}
      </ul>
    </section>
  );
}

function ConnectionLatency({ connection }: { readonly connection: ConnectionView }) {
  const { t, format } = useLanguage();
  const latency = connection.latency?.saleToConfirmedMs ?? null;
  const { mode } = connection;
  return (
    <li className={classes["connection"]}>
      <span className={classes["code"]}>{connection.code}</span>
      {(mode === "import" || mode === "shadow") && (
        <span className={classes["mode"]}>{t(`connection.mode.${mode}`)}</span>
      )}
      {latency === null || latency.samples === 0 ? (
        <span className={classes["none"]}>{t("latency.none")}</span>
      ) : (
        <span className={classes["figures"]} title={t("latency.samples", { count: latency.samples })}>
          <Figure label={t("latency.p50")} value={format.duration(latency.p50)} />
          <Figure label={t("latency.p95")} value={format.duration(latency.p95)} />
        </span>
      )}
    </li>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <span className={classes["figure"]}>
      {label} <strong>{value}</strong>
    </span>
  );
}
