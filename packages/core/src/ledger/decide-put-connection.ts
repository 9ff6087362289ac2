import type { PutConnection } from "./command.ts";
import { draft, refuse } from "./draft.ts";
import type { Decision } from "./entry.ts";
import { mergeJson, sameJson } from "./merge-json.ts";
import type { ConnectionRecord } from "./records.ts";
import type { Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

const NEW_CONNECTION: Pick<ConnectionRecord, "mode" | "settings" | "credentials" | "since"> = {
  mode: "import",
  settings: {},
  credentials: null,
  since: null,
};

/** Makes or changes a connection. A channel made at first use (kind `api`) may become a real one; otherwise the kind stays. */
export function decidePutConnection(view: LedgerView, command: PutConnection, now: Instant): Decision {
  const { code } = command;
  const known = view.connection(code);
  const kind = command.connectionKind ?? known?.kind;
  if (kind === undefined)
    return refuse("invalid_field", "kind", "A new connection says its kind, for example mercadolibre.");
  if (known !== null && known.kind !== "api" && known.kind !== kind) {
    return refuse(
      "invalid_field",
      "kind",
      `${code} is a connection of kind ${known.kind}: make another one for ${kind}.`,
    );
  }
  const refusal = checkShipsFrom(view, command);
  if (refusal !== null) return refusal;
  const record = changed(known ?? NEW_CONNECTION, command, kind);
  if (known !== null && sameJson({ ...known, updatedSeq: 0 }, record))
    return { ok: true, seq: known.updatedSeq, answer: {} };
  const { credentials: _, updatedSeq: __, ...shown } = record; // credentials never enter an entry
  const body = { ...shown, credentialsChanged: command.credentials !== undefined };
  return {
    ok: true,
    entries: [
      draft({ kind: "connection", occurredAt: now, body, changes: [{ table: "connection", record }] }),
    ],
    answer: {},
  };
}

/** Units can only leave from a place of the seller's own. */
function checkShipsFrom(view: LedgerView, { settings }: PutConnection): (Decision & { ok: false }) | null {
  const shipsFrom = settings?.["shipsFrom"] ?? null;
  if (shipsFrom === null) return null;
  if (typeof shipsFrom !== "string")
    return refuse("invalid_field", "shipsFrom", "shipsFrom is the code of a location of yours.");
  const location = view.location(shipsFrom);
  if (location === null)
    return refuse("unknown_location", "shipsFrom", `There is no location ${shipsFrom}: create it first.`);
  if (location.kind !== "channel") return null;
  return refuse(
    "invalid_field",
    "shipsFrom",
    `${shipsFrom} is a channel's own warehouse: what leaves there moves nothing of yours.`,
  );
}

function changed(base: typeof NEW_CONNECTION, command: PutConnection, kind: string): ConnectionRecord {
  return {
    code: command.code,
    kind,
    mode: command.mode ?? base.mode,
    settings: mergeJson(base.settings, command.settings ?? {}),
    credentials: command.credentials ?? base.credentials,
    since: command.since === undefined ? base.since : command.since,
    updatedSeq: 0,
  };
}
