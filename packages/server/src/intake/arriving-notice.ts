import { createHash } from "node:crypto";

import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import type { Notice, NoticeReading } from "@onepool/connectors/contract/notice.ts";
import { canonical } from "@onepool/core/ledger/content-hash.ts";
import type { Json } from "@onepool/core/ledger/json.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

import type { ArrivingNotice } from "./notice-store.ts";

/**
 * A reading of a notification's text, ready to be stored. One that tells an order's state waits where the order's other
 * notices wait: each state is kept there on its own.
 */
export function arrivingNotice(
  kind: ConnectorKind,
  reading: Exclude<NoticeReading, { readonly kind: "malformed" }>,
  { text, receivedAt }: { readonly text: string; readonly receivedAt: Instant },
): ArrivingNotice {
  const came = { kind: kind.capability.kind, accountId: reading.accountId, text, receivedAt };
  if (reading.kind === "ignored") return { ...came, notice: null, says: null };
  const { notice, says } = reading;
  if (says === undefined) return { ...came, notice: keyOf(notice), says: null };
  return {
    ...came,
    notice: keyOf(kind.noticeOfOrder(says.report.orderId)),
    says: { hash: hashOf(says.report), isEnough: says.isEnough },
  };
}

function keyOf({ topic, resource }: Notice): { readonly topic: string; readonly resource: string } {
  return { topic, resource };
}

/** Of the state alone: the same one in another message says nothing new. Strangers may choose it, so it is cryptographic. */
function hashOf(report: object): string {
  return createHash("sha256")
    .update(canonical(report as unknown as Json))
    .digest("base64url");
}
