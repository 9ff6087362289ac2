import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";

import { ApiProblem } from "../../api/problem.ts";
import { explanationQuery } from "../../features/ledger/api/get-explanation.ts";
import { useLanguage } from "../../locales/language.tsx";
import { Failure } from "../../ui/failure.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Message } from "../../ui/message.tsx";
import { useLive } from "../live/live-updates.tsx";
import { SkuExplanation } from "./sku-explanation.tsx";
import { SkuSkeleton } from "./sku-skeleton.tsx";

import classes from "./sku-page.module.css";

const route = getRouteApi("/skus/$sku");

/** One SKU: why its number is what it is. */
export function SkuPage() {
  const { sku } = route.useParams();
  const { t } = useLanguage();
  const { ready } = useLive();
  const explanation = useExplanation(sku, ready);
  return (
    <div className={classes["page"]}>
      <Link to="/" className={classes["back"]}>
        <Icon name="back" size={14} /> {t("sku.back")}
      </Link>
      <SkuBody sku={sku} explanation={explanation} />
    </div>
  );
}

interface SkuBodyProps {
  readonly sku: string;
  readonly explanation: ReturnType<typeof useExplanation>;
}

function useExplanation(sku: string, enabled: boolean) {
  return useInfiniteQuery({ ...explanationQuery(sku), enabled });
}

function SkuBody({ sku, explanation }: SkuBodyProps) {
  const { t } = useLanguage();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = explanation;
  const newest = data?.pages[0];
  if (newest !== undefined) {
    return (
      <SkuExplanation
        explanation={newest}
        chain={data?.pages.flatMap(({ entries }) => entries) ?? []}
        earlier={
          hasNextPage ? (
            <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t("sku.chain.more")}
            </Button>
          ) : null
        }
      />
    );
  }
  if (error instanceof ApiProblem && error.status === 404) {
    return (
      <Message icon="search" title={t("sku.notFound.title")}>
        {t("sku.notFound.body", { sku })}
      </Message>
    );
  }
  if (error !== null) return <Failure error={error} onRetry={() => void refetch()} />;
  return <SkuSkeleton />;
}
