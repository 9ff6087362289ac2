import type { ReservationRecord } from "@onepool/core/ledger/records.ts";

import type { Reader } from "./reader.ts";
import { milliseconds } from "./sql-fragments.ts";

interface Row extends Pick<ReservationRecord, "state"> {
  readonly expires_at: number;
  readonly body: Pick<ReservationRecord, "asked" | "components">;
  readonly first_seq: number;
  readonly last_seq: number;
}

const READ_RESERVATION = `
select r.state, ${milliseconds("r.expires_at")} as expires_at, r.body, r.first_seq, r.last_seq
from reservation r where r.seller_id = $1 and r.reservation_id = $2`;

/** One hold, or null. */
export async function readReservation(
  reader: Reader,
  sellerId: number,
  reservationId: string,
): Promise<ReservationRecord | null> {
  const rows = await reader.rows<Row>({ text: READ_RESERVATION, values: [sellerId, reservationId] });
  const [row] = rows;
  if (row === undefined) return null;
  return {
    reservationId,
    state: row.state,
    expiresAt: row.expires_at,
    asked: row.body.asked,
    components: row.body.components,
    firstSeq: row.first_seq,
    lastSeq: row.last_seq,
  };
}
