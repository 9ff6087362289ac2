import type { OrderReading } from "@onepool/connectors/contract/connector.ts";
import type { OrderReport } from "@onepool/core/ledger/order-record.ts";
import type pg from "pg";

/**
 * The order states of a reading in the order in which the ledger gets them: those alongside first, so that units that one of
 * them takes over are claimed before they are given up.
 */
export async function reportsOf(
  pool: pg.Pool,
  connection: { readonly sellerId: number; readonly code: string },
  reading: OrderReading,
): Promise<readonly OrderReport[]> {
  const readings = [...(reading.alongside ?? []), reading];
  const stockNames = new Map(readings.flatMap((one) => Object.entries(one.stockNames ?? {})));
  const reports = readings.map(({ report }) => report);
  if (stockNames.size === 0) return reports;
  const mapped = await mappedOf(pool, connection, [...stockNames.keys(), ...stockNames.values()]);
  return reports.map((report) => namedAsMapped(report, stockNames, mapped));
}

/** Lines of listings that nobody mapped, named by the stock behind them where that is mapped. */
function namedAsMapped(
  report: OrderReport,
  stockNames: ReadonlyMap<string, string>,
  mapped: ReadonlySet<string>,
): OrderReport {
  const lines = report.lines.map((line) => {
    const stock = stockNames.get(line.listing ?? "");
    const isStocks = stock !== undefined && !mapped.has(line.listing ?? "") && mapped.has(stock);
    return isStocks ? { ...line, listing: stock } : line;
  });
  return { ...report, lines };
}

async function mappedOf(
  pool: pg.Pool,
  { sellerId, code }: { readonly sellerId: number; readonly code: string },
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ external_id: string }>({
    name: "intake_mapped_listings",
    text: `select external_id from listing
      where seller_id = $1 and connection = $2 and external_id = any($3::text[])`,
    values: [sellerId, code, names],
  });
  return new Set(rows.map(({ external_id: externalId }) => externalId));
}
