import type { ReactNode } from "react";

import type { ChainEntry, Explanation } from "../../api/contract.ts";
import { serverNow } from "../../api/server-clock.ts";
import { stockState } from "../../features/ledger/api/stock-state.ts";
import { AvailableChart } from "../../features/ledger/components/available-chart.tsx";
import { ChainList } from "../../features/ledger/components/chain-list.tsx";
import { NumberSum } from "../../features/ledger/components/number-sum.tsx";
import { StateLabel } from "../../features/ledger/components/state-label.tsx";
import { ListingReasons } from "../../features/publish/components/listing-reasons.tsx";
import { useLanguage } from "../../locales/language.tsx";
import { ChangingNumber } from "../../ui/changing-number.tsx";
import { usePageTitle } from "../../ui/page-title.ts";
import { Panel } from "../../ui/panel.tsx";
import { SkuPlaces } from "./sku-places.tsx";

import classes from "./sku-page.module.css";

interface SkuExplanationProps {
  readonly explanation: Explanation;
  /** Newest first, as far as it is loaded. */
  readonly chain: readonly ChainEntry[];
  /** The way to earlier links of the chain, if there are any. */
  readonly earlier: ReactNode;
}

/** The number, the sum it comes from, its line over time, where it lies, the chain behind it, and what each listing makes of it. */
export function SkuExplanation({ explanation, chain, earlier }: SkuExplanationProps) {
  const { t, format } = useLanguage();
  const { sku, title, available } = explanation;
  usePageTitle(`${format.units(available)} ${sku}`, t("app.name"));
  return (
    <>
      <header className={classes["head"]}>
        <div className={classes["number"]} data-state={stockState(explanation)}>
          <ChangingNumber value={available} text={format.units(available)} />
        </div>
        <div className={classes["naming"]}>
          <h1 className={classes["why"]}>{t("sku.why", { available: format.units(available) })}</h1>
          <p className={classes["title"]}>
            <strong>{sku}</strong> {title}
          </p>
          <p className={classes["asOf"]}>
            <StateLabel row={explanation} /> ·{" "}
            {t("sku.asOf", { moment: format.moment(Date.parse(explanation.asOf), serverNow()) })}
          </p>
        </div>
      </header>
      <NumberSum numbers={explanation} />
      <div className={classes["columns"]}>
        <div className={classes["story"]}>
          <Panel title={t("sku.chart")}>
            <AvailableChart sku={sku} chain={chain} />
          </Panel>
          <SkuPlaces sku={sku} />
          <Panel title={t("sku.chain")}>
            <ChainList chain={chain} />
            {earlier}
          </Panel>
        </div>
        <Panel title={t("sku.listings")}>
          <ListingReasons
            listings={explanation.listings}
            changedAt={Date.parse(chain[0]?.recordedAt ?? "")}
          />
        </Panel>
      </div>
    </>
  );
}
