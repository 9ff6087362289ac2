import type { PutLocation } from "./command.ts";
import { draft, refuse } from "./draft.ts";
import type { Decision } from "./entry.ts";
import type { LocationKind, LocationRecord } from "./records.ts";
import type { Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

const NEW_LOCATION: Pick<LocationRecord, "kind" | "title"> = { kind: "warehouse", title: "" };

/** Makes or changes a location. What is ours stays ours: units of a channel are counted apart. */
export function decidePutLocation(view: LedgerView, command: PutLocation, now: Instant): Decision {
  const { code } = command;
  const known = view.location(code);
  const base = known ?? NEW_LOCATION;
  const kind = command.locationKind ?? base.kind;
  const title = command.title ?? base.title;
  if (known !== null && isChannels(known.kind) !== isChannels(kind)) {
    const message = `${code} is of kind ${known.kind}: units of ours and a channel's are counted apart, so make another location.`;
    return refuse("invalid_field", "kind", message);
  }
  if (known !== null && known.kind === kind && known.title === title)
    return { ok: true, seq: known.updatedSeq, answer: {} };
  const record: LocationRecord = { code, kind, title, updatedSeq: 0 };
  const changes = [{ table: "location", record }] as const;
  return {
    ok: true,
    entries: [draft({ kind: "location", occurredAt: now, body: { code, kind, title }, changes })],
    answer: {},
  };
}

function isChannels(kind: LocationKind): boolean {
  return kind === "channel";
}
