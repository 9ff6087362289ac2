import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import type { PoolListing } from "../../features/ledger/api/pool.ts";
import { poolColumns, type PoolColumn } from "../../features/ledger/components/pool-columns.tsx";
import { connectionsQuery } from "../../features/observe/api/get-connections.ts";
import { ListingCell } from "../../features/publish/components/listing-cell.tsx";
import { RowState } from "./row-state.tsx";

/** The columns of the pool with one for each channel that listings are on. */
export function usePoolColumns(): PoolColumn[] {
  const { data: connections } = useQuery(connectionsQuery);
  // As one text, so that the same connections read again make no new columns; codes hold no line breaks.
  const codes = (connections ?? []).map(({ code }) => code).join("\n");
  return useMemo(
    () => [
      ...poolColumns({
        state: (row) => <RowState row={row} />,
        channels: (codes === "" ? [] : codes.split("\n")).map((code) => ({
          code,
          cell: (row) => <ListingCell listings={listingsOn(row.listings, code)} />,
        })),
      }),
    ],
    [codes],
  );
}

function listingsOn(listings: readonly PoolListing[], code: string): readonly PoolListing[] {
  return listings.filter(({ connection }) => connection === code);
}
