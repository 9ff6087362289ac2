import type { Decision, EntryDraft } from "./entry.ts";
import type { JsonObject } from "./json.ts";
import type { Rejection, RejectionCode } from "./rejection.ts";

/** A refusal, as a decision. */
export function refuse(
  code: RejectionCode,
  field: string,
  message: string,
  detail?: JsonObject,
): Decision & { ok: false } {
  const rejection: Rejection =
    detail === undefined ? { code, field, message } : { code, field, message, detail };
  return { ok: false, rejection };
}

/** An entry with the parts that most entries lack left empty. */
export function draft(
  entry: Pick<EntryDraft, "kind" | "occurredAt" | "body"> & Partial<EntryDraft>,
): EntryDraft {
  return {
    channel: null,
    orderId: null,
    externalId: null,
    contentHash: null,
    legs: [],
    changes: [],
    ...entry,
  };
}
