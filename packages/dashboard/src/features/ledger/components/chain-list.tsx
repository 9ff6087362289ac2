import type { ChainEntry } from "../../../api/contract.ts";
import { serverNow } from "../../../api/server-clock.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { chainSentence, effectSentence } from "../api/chain-sentence.ts";

import classes from "./chain-list.module.css";

/** A difference larger than this between "happened" and "known" is worth a sentence. */
const LATE_MS = 60_000;

/** The chain behind a number, newest first, each link as sentences with what it left. */
export function ChainList({ chain }: { readonly chain: readonly ChainEntry[] }) {
  const { t } = useLanguage();
  if (chain.length === 0) return <p className={classes["empty"]}>{t("sku.chain.empty")}</p>;
  return (
    <ol className={classes["list"]}>
      {chain.map((entry) => (
        <ChainItem key={entry.seq} entry={entry} />
      ))}
    </ol>
  );
}

function ChainItem({ entry }: { readonly entry: ChainEntry }) {
  const language = useLanguage();
  const { t, format } = language;
  const recordedAt = Date.parse(entry.recordedAt);
  const occurredAt = Date.parse(entry.occurredAt);
  const { before, after } = entry.available;
  const change = after - before;
  return (
    <li className={classes["item"]}>
      <div className={classes["result"]} aria-hidden="true">
        <span className={classes["after"]}>{format.units(after)}</span>
        {change !== 0 && (
          <span className={classes["change"]} data-fell={change < 0 ? true : undefined}>
            {format.change(change)}
          </span>
        )}
      </div>
      <div className={classes["words"]}>
        <p className={classes["what"]}>
          {chainSentence(entry, language)} {effectSentence(entry, language)}
          {recordedAt - occurredAt > LATE_MS && (
            <> {t("chain.occurred", { moment: format.moment(occurredAt, serverNow()) })}</>
          )}
        </p>
        <p className={classes["when"]}>
          <time dateTime={entry.recordedAt} title={format.dateTime(recordedAt)}>
            {format.moment(recordedAt, serverNow())}
          </time>{" "}
          · {t("sku.chain.entry", { seq: format.units(entry.seq) })}
        </p>
      </div>
    </li>
  );
}
