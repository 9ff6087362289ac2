import type { InboundRecord, InboundStatus } from "@onepool/core/ledger/records.ts";
import type { Instant, Units } from "@onepool/core/ledger/units.ts";

import type { Reader } from "./reader.ts";
import { milliseconds } from "./sql-fragments.ts";

/** An inbound with the entry that announced it. */
export interface StoredInbound extends InboundRecord {
  readonly createdSeq: number;
}

/** Units of one SKU that an inbound is still to bring. */
export interface IncomingUnits {
  readonly location: string;
  readonly units: Units;
  /** Null while nobody knows. */
  readonly expectedAt: Instant | null;
  readonly inboundId: string;
}

export interface InboundFilter {
  readonly sellerId: number;
  /** Inbounds announced before this entry; null: from the newest. */
  readonly before: number | null;
  readonly limit: number;
  readonly status: InboundStatus | null;
  /** Only those that bring, or brought, this SKU. */
  readonly sku: string | null;
}

interface Row {
  readonly inbound_id: string;
  readonly location: string;
  readonly status: InboundStatus;
  readonly expected_at: number | null;
  readonly state: Pick<InboundRecord, "from" | "lines">;
  readonly created_seq: number;
  readonly updated_seq: number;
}

const COLUMNS = `i.inbound_id, i.location, i.status, ${milliseconds("i.expected_at")} as expected_at, i.state, i.created_seq, i.updated_seq`;

const READ_INBOUND = `select ${COLUMNS} from inbound i where i.seller_id = $1 and i.inbound_id = $2`;

const LIST_INBOUNDS = `
select ${COLUMNS} from inbound i
where i.seller_id = $1 and i.created_seq < $2
  and ($4::text is null or i.status = $4)
  and ($5::text is null or exists (
    select from inbound_line p
    where p.seller_id = $1 and p.sku = $5 and p.inbound_id = i.inbound_id and p.expected + p.received > 0))
order by i.created_seq desc limit $3`;

/** One inbound, or null. */
export async function readInbound(
  reader: Reader,
  sellerId: number,
  inboundId: string,
): Promise<StoredInbound | null> {
  const [row] = await reader.rows<Row>({ text: READ_INBOUND, values: [sellerId, inboundId] });
  return row === undefined ? null : inboundOf(row);
}

/** Inbounds by when they were announced, newest first. */
export async function listInbounds(reader: Reader, filter: InboundFilter): Promise<StoredInbound[]> {
  const { sellerId, before, limit, status, sku } = filter;
  const values = [sellerId, before ?? Number.MAX_SAFE_INTEGER, limit, status, sku];
  const rows = await reader.rows<Row>({ text: LIST_INBOUNDS, values });
  return rows.map(inboundOf);
}

/** What inbounds are still to bring of a SKU, soonest first, as a JSON array of `IncomingUnits`. `$1` is the seller. */
export function incomingOf(sku: string): string {
  return `coalesce((
    select json_agg(json_build_object(
      'location', i.location, 'units', p.open_units, 'expectedAt', ${milliseconds("i.expected_at")}, 'inboundId', i.inbound_id
    ) order by i.expected_at nulls last, i.inbound_id)
    from inbound_line p join inbound i on i.seller_id = $1 and i.inbound_id = p.inbound_id
    where p.seller_id = $1 and p.sku = ${sku} and p.open_units > 0
  ), '[]'::json)`;
}

function inboundOf(row: Row): StoredInbound {
  return {
    inboundId: row.inbound_id,
    location: row.location,
    from: row.state.from,
    expectedAt: row.expected_at,
    status: row.status,
    lines: row.state.lines,
    createdSeq: row.created_seq,
    updatedSeq: row.updated_seq,
  };
}
