import { memo, type ReactNode } from "react";

import { serverNow } from "../../../api/server-clock.ts";
import { useLanguage } from "../../../locales/language.tsx";
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

/** When it was, which SKU is at what now, and where it came from. */
const RecentLine = memo(function RecentLine({
  news,
  skuLink,
}: { readonly news: RecentNews } & Pick<RecentListProps, "skuLink">) {
  const { t, format } = useLanguage();
  const more = news.skus.length - SKUS_SHOWN;
  const at = Date.parse(news.recordedAt);
  const what = news.groups.map(({ group, count }) => t(`live.group.${group}`, { count }));
  return (
    <li className={classes["line"]}>
      <time className={classes["time"]} dateTime={news.recordedAt} title={format.dateTime(at)}>
        {format.moment(at, serverNow())}
      </time>
      <ul className={classes["skus"]}>
        {news.skus.slice(0, SKUS_SHOWN).map(({ sku, available }) => (
          <li key={sku} className={classes["sku"]}>
            {skuLink(sku)}
            <span className={classes["available"]} data-short={available <= 0 ? true : undefined}>
              {format.units(available)}
            </span>
          </li>
        ))}
        <li className={classes["what"]}>
          {[...what, ...news.channels].join(" · ")} {more > 0 && t("live.recent.more", { count: more })}
        </li>
      </ul>
    </li>
  );
});
