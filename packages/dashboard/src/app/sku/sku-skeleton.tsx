import { Skeleton } from "@mantine/core";

import { useLanguage } from "../../locales/language.tsx";

/** The shape of a SKU's page while it loads. */
export function SkuSkeleton() {
  const { t } = useLanguage();
  return (
    <output aria-label={t("app.loading")} style={{ display: "block" }}>
      <Skeleton height={64} width="60%" mb={24} />
      <Skeleton height={44} width="80%" mb={32} />
      <Skeleton height={176} mb={32} />
      <Skeleton height={240} />
    </output>
  );
}
