import { createContext, use } from "react";

import type { PoolRow } from "../api/pool.ts";
import { SkuLink } from "./sku-link.tsx";

import classes from "./sku-cell.module.css";

/** Whether the row around is the one that Tab reaches; the arrows go on from there. */
export const ReachedByTab = createContext(true);

/** Code and title, one above the other. */
export function SkuCell({ row }: { readonly row: PoolRow }) {
  const reached = use(ReachedByTab);
  return (
    <span className={classes["cell"]}>
      <SkuLink sku={row.sku} tabIndex={reached ? 0 : -1} />
      <span className={classes["title"]} title={row.title ?? undefined}>
        {row.title}
      </span>
    </span>
  );
}
