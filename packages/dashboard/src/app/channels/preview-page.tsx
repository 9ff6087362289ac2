import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";

import { ApiProblem } from "../../api/problem.ts";
import { previewQuery } from "../../features/publish/api/get-preview.ts";
import { PreviewTable } from "../../features/publish/components/preview-table.tsx";
import { PreviewTotals } from "../../features/publish/components/preview-totals.tsx";
import { useLanguage } from "../../locales/language.tsx";
import { Failure } from "../../ui/failure.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Message } from "../../ui/message.tsx";
import { usePageTitle } from "../../ui/page-title.ts";
import { useLive } from "../live/live-updates.tsx";
import { ModeChange } from "./mode-change.tsx";

import classes from "./preview-page.module.css";

const route = getRouteApi("/channels/$connection");

/** What going live would change, before anybody does: every listing, the difference, and why. */
export function PreviewPage() {
  const { connection } = route.useParams();
  const { t } = useLanguage();
  usePageTitle(t("preview.title", { connection }), t("app.name"));
  return (
    <div className={classes["page"]}>
      <Link to="/channels" className={classes["back"]}>
        <Icon name="back" size={14} /> {t("channels.title")}
      </Link>
      <h1 className={classes["title"]}>{t("preview.title", { connection })}</h1>
      <PreviewBody connection={connection} />
    </div>
  );
}

function PreviewBody({ connection }: { readonly connection: string }) {
  const { t } = useLanguage();
  const { ready } = useLive();
  const preview = useInfiniteQuery({ ...previewQuery(connection), enabled: ready });
  const { data, error, refetch, isRefetching, hasNextPage, isFetchingNextPage, fetchNextPage } = preview;
  const first = data?.pages[0];
  if (first === undefined) {
    if (error instanceof ApiProblem && error.status === 404)
      return <Message icon="search" title={t("preview.notFound")} />;
    return error === null ? null : <Failure error={error} onRetry={() => void refetch()} />;
  }
  const listings = data?.pages.flatMap((page) => page.listings) ?? [];
  return (
    <>
      {first.totals !== null && <PreviewTotals totals={first.totals} />}
      <ModeChange
        connection={connection}
        preview={first}
        again={
          <Button variant="default" loading={isRefetching} onClick={() => void refetch()}>
            {t("preview.again")}
          </Button>
        }
      />
      {listings.length === 0 ? (
        <p className={classes["none"]}>{t("preview.none")}</p>
      ) : (
        <PreviewTable listings={listings} />
      )}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("preview.more")}
        </Button>
      )}
    </>
  );
}
