import type { ReactNode } from "react";

import { useLanguage } from "../../../locales/language.tsx";
import { Age } from "../../../ui/age.tsx";
import type { RecentNews } from "../api/recent-news.ts";

import classes from "./recent-list.module.css";

interface RecentListProps {
  readonly recent: readonly RecentNews[];
  /** How the pages show a SKU's code: as a way to it. */
  readonly skuLink: (sku: string) => ReactNode;
}

const SKUS_SHOWN = 3;

/** The latest changes as they came, newest first. Not read aloud: it never stops. */
export function RecentList({ recent, skuLink }: RecentListProps) {
  const { t } = useLanguage();
  if (recent.length === 0) return <p className={classes["empty"]}>{t("live.recent.empty")}</p>;
  return (
    <ol className={classes["list"]}>
      {recent.map((news) => (
        <RecentLine key={news.seq} news={news} skuLink={skuLink} />
      ))}
    </ol>
  );
}

function RecentLine({ news, skuLink }: { readonly news: RecentNews } & Pick<RecentListProps, "skuLink">) {
  const { t, format } = useLanguage();
  const more = news.skus.length - SKUS_SHOWN;
  return (
    <li className={classes["line"]}>
      <div className={classes["head"]}>
        <span>
          {news.groups.map(({ group, count }) => t(`live.group.${group}`, { count })).join(", ")}
          {news.channels.length > 0 && (
            <span className={classes["channel"]}> {news.channels.join(", ")}</span>
          )}
        </span>
        <Age instant={news.recordedAt} />
      </div>
      {news.skus.length > 0 && (
        <ul className={classes["skus"]}>
          {news.skus.slice(0, SKUS_SHOWN).map(({ sku, available }) => (
            <li key={sku} className={classes["sku"]}>
              {skuLink(sku)}
              <span className={classes["available"]} data-short={available <= 0 ? true : undefined}>
                {format.units(available)}
              </span>
            </li>
          ))}
          {more > 0 && <li className={classes["channel"]}>{t("live.recent.more", { count: more })}</li>}
        </ul>
      )}
    </li>
  );
}
