import type { LatencyList } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { reach } from "../api/latency-scale.ts";

import classes from "./hop-bars.module.css";

type Hops = LatencyList["latencies"][number]["hops"];
type Summary = Hops[keyof Hops];

/** How long each hop takes: a bar per hop up to its p99, on a logarithmic scale, with the figures beside it. */
export function HopBars({ hops }: { readonly hops: Hops }) {
  const { t } = useLanguage();
  const measured = (Object.entries(hops) as [keyof Hops, Summary][]).filter(([, { samples }]) => samples > 0);
  if (measured.length === 0) return <p className={classes["none"]}>{t("latency.none")}</p>;
  return (
    <dl className={classes["hops"]}>
      {measured.map(([hop, summary]) => (
        <div key={hop} className={classes["hop"]}>
          <dt className={classes["name"]}>{t(`channels.hop.${hop}`)}</dt>
          <dd className={classes["measure"]}>
            <Bar summary={summary} />
            <Figures summary={summary} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Says nothing that the figures beside it do not say. */
function Bar({ summary: { p50, p95, p99 } }: { readonly summary: Summary }) {
  return (
    <svg className={classes["bar"]} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect className={classes["ground"]} width={100} height={8} />
      <rect className={classes["p99"]} width={100 * reach(p99 ?? 0)} height={8} />
      <rect className={classes["p95"]} width={100 * reach(p95 ?? 0)} height={8} />
      <rect className={classes["p50"]} width={100 * reach(p50 ?? 0)} height={8} />
    </svg>
  );
}

function Figures({ summary }: { readonly summary: Summary }) {
  const { t, format } = useLanguage();
  const { samples } = summary;
  return (
    <span className={classes["figures"]} title={t("latency.samples", { count: samples })}>
      {(["p50", "p95", "p99"] as const).map((quantile) => (
        <span key={quantile} className={classes["figure"]} data-quantile={quantile}>
          {quantile} <strong>{format.duration(summary[quantile] ?? 0)}</strong>
        </span>
      ))}
    </span>
  );
}
