import { Skeleton } from "@mantine/core";

import { useLanguage } from "../../locales/language.tsx";

import classes from "./pool-skeleton.module.css";

const LINES = Array.from({ length: 18 }, (_, index) => index);

/** Stands where the table will be, in its shape, so that nothing jumps when it comes. */
export function PoolSkeleton() {
  const { t } = useLanguage();
  return (
    <output className={classes["frame"]} aria-label={t("app.loading")}>
      {LINES.map((line) => (
        <div key={line} className={classes["line"]}>
          <Skeleton height={12} width={`${60 + ((line * 37) % 40)}%`} />
          <Skeleton height={16} width={44} />
          <Skeleton height={12} width="70%" />
        </div>
      ))}
    </output>
  );
}
