import { openUnits } from "@onepool/core/ledger/inbound-legs.ts";
import type { z } from "zod";

import type { StoredInbound } from "../../ledger/read/inbound-store.ts";
import type { inboundAnswer } from "../routes/get-inbound/schema.ts";
import { instantText } from "./instant-text.ts";

/** An inbound with what is still to come of each SKU. */
export function inboundView(inbound: StoredInbound): z.output<typeof inboundAnswer> {
  return {
    inboundId: inbound.inboundId,
    location: inbound.location,
    from: inbound.from,
    expectedAt: instantText(inbound.expectedAt),
    status: inbound.status,
    lines: inbound.lines
      .filter(({ expected, received }) => expected > 0 || received > 0)
      .map((line) => ({ ...line, incoming: openUnits(inbound, line) })),
    createdSeq: inbound.createdSeq,
    updatedSeq: inbound.updatedSeq,
  };
}
