import { useMemo } from "react";

import type { ChainEntry } from "../../../api/contract.ts";
import { serverNow } from "../../../api/server-clock.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { StepChart } from "../../../ui/step-chart.tsx";
import { useAtNow } from "../../../ui/ticking-now.ts";
import { availableSteps } from "../api/available-steps.ts";

import classes from "./chain-list.module.css";

/** The line reaches the present in steps of this length. */
const STEP_MS = 30_000;

/** Available over the time that the loaded chain spans. */
export function AvailableChart({
  sku,
  chain,
}: {
  readonly sku: string;
  readonly chain: readonly ChainEntry[];
}) {
  const { t, format } = useLanguage();
  const now = useAtNow((instant) => Math.ceil(instant / STEP_MS) * STEP_MS);
  const { seconds, available } = useMemo(
    () => availableSteps(chain, Math.min(now, serverNow())),
    [chain, now],
  );
  if (seconds.length < 3) return <p className={classes["empty"]}>{t("sku.chart.short")}</p>;
  const label = t("sku.chart.label", {
    sku,
    available: format.units(available.at(-1) ?? 0),
    min: format.units(Math.min(...available)),
    max: format.units(Math.max(...available)),
    since: format.dateTime((seconds[0] ?? 0) * 1000),
  });
  return (
    <StepChart
      seconds={seconds}
      values={available}
      label={label}
      formatValue={format.units}
      formatTick={format.tick}
      formatMoment={format.dateTime}
    />
  );
}
