import type { LocationRecord } from "@onepool/core/ledger/records.ts";

import type { Reader } from "./reader.ts";

export interface StoredLocation extends LocationRecord {
  readonly createdSeq: number;
}

const COLUMNS = `l.code, l.kind, l.title, l.serves, l.created_seq as "createdSeq", l.updated_seq as "updatedSeq"`;

const LIST_LOCATIONS = `select ${COLUMNS} from location l where l.seller_id = $1 and l.code > $2 order by l.code limit $3`;

const READ_LOCATION = `select ${COLUMNS} from location l where l.seller_id = $1 and l.code = $2`;

/** Locations by code. */
export async function listLocations(
  reader: Reader,
  page: { readonly sellerId: number; readonly after: string | null; readonly limit: number },
): Promise<StoredLocation[]> {
  const rows = await reader.rows<StoredLocation>({
    text: LIST_LOCATIONS,
    values: [page.sellerId, page.after ?? "", page.limit],
  });
  return rows;
}

/** One location, or null. */
export async function readLocation(
  reader: Reader,
  sellerId: number,
  code: string,
): Promise<StoredLocation | null> {
  const rows = await reader.rows<StoredLocation>({ text: READ_LOCATION, values: [sellerId, code] });
  return rows[0] ?? null;
}
