import type { PutLocation } from "./command.ts";
import { draft, refuse } from "./draft.ts";
import type { Decision } from "./entry.ts";
import { sameJson } from "./merge-json.ts";
import type { LocationKind, LocationRecord } from "./records.ts";
import type { Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

const NEW_LOCATION: Pick<LocationRecord, "kind" | "title" | "serves"> = {
  kind: "warehouse",
  title: "",
  serves: null,
};

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
  const refusal = checkServes(view, command, kind);
  if (refusal !== null) return refusal;
  const serves = command.serves === undefined ? base.serves : sorted(command.serves);
  const record: LocationRecord = { code, kind, title, serves, updatedSeq: 0 };
  if (known !== null && sameJson({ ...known, updatedSeq: 0 }, record))
    return { ok: true, seq: known.updatedSeq, answer: {} };
  const changes = [{ table: "location", record }] as const;
  const body = { code, kind, title, ...(serves === null ? {} : { serves }) };
  return { ok: true, entries: [draft({ kind: "location", occurredAt: now, body, changes })], answer: {} };
}

function checkServes(
  view: LedgerView,
  { code, serves }: PutLocation,
  kind: LocationKind,
): (Decision & { ok: false }) | null {
  if (serves === undefined || serves === null) return null;
  if (isChannels(kind))
    return refuse("invalid_field", "serves", `${code} is the channel's own: it serves that channel alone.`);
  for (const [index, channel] of serves.entries()) {
    if (view.connection(channel) !== null) continue;
    return refuse(
      "unknown_connection",
      `serves.${index}`,
      `There is no connection ${channel}: make it first, or leave it out.`,
    );
  }
  return null;
}

function sorted(serves: readonly string[] | null): readonly string[] | null {
  return serves === null ? null : [...new Set(serves)].toSorted();
}

function isChannels(kind: LocationKind): boolean {
  return kind === "channel";
}
