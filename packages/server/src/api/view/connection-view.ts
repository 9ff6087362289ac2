import type { Json } from "@onepool/core/ledger/json.ts";
import type { z } from "zod";

import { includesRole, type Role } from "../../auth/caller.ts";
import { optionsOf } from "../../connections/connection-options.ts";
import { whenBlind } from "../../intake/when-blind.ts";
import type { StoredConnection } from "../../ledger/read/connection-store.ts";
import type { ApiDeps } from "../api-deps.ts";
import type { connectionAnswer } from "../routes/get-connection/schema.ts";
import { keeperAnswer } from "../schema/keeper-settings.ts";
import { instantText } from "./instant-text.ts";
import { wentLiveOf } from "./went-live.ts";

/** A connection without its secrets. */
export function connectionView(
  deps: ApiDeps,
  connection: StoredConnection,
  role: Role,
): Omit<z.output<typeof connectionAnswer>, "health" | "latency"> {
  const { code, kind, mode, settings, credentials, since, createdSeq, updatedSeq } = connection;
  const hookSecret = includesRole(role, "admin") ? textOf(settings["hookSecret"]) : null;
  return {
    code,
    kind,
    mode,
    since: instantText(since),
    title: textOf(settings["title"]),
    baseUrl: textOf(settings["baseUrl"]),
    tokenUrl: textOf(settings["tokenUrl"]),
    accountId: textOf(settings["accountId"]),
    authorizedAt: textOf(settings["authorizedAt"]),
    options: optionsOf(settings),
    stopsPerHour: numberOf(settings["stopsPerHour"]),
    brakeReleasedAt: instantText(numberOf(settings["brakeReleasedAt"])),
    orderFeedLimitMs: numberOf(settings["orderFeedLimitMs"]),
    whenBlind: whenBlind(settings),
    shipsFrom: textOf(settings["shipsFrom"]),
    keeper: deps.keepers?.kinds.has(kind) === true ? keeperView(settings) : null,
    hasCredentials: credentials !== null,
    hookUrl: hookSecret === null ? null : hookUrl(deps, kind, hookSecret),
    wentLive: wentLiveOf(settings),
    createdSeq,
    updatedSeq,
  };
}

function hookUrl(deps: ApiDeps, kind: string, secret: string): string {
  return `${deps.publicUrl()}/hooks/${encodeURIComponent(kind)}/${encodeURIComponent(secret)}`;
}

/** The settings of a keeper as they were checked when they were put; what is not there has its own rule. */
function keeperView(settings: StoredConnection["settings"]): z.output<typeof keeperAnswer> {
  const { locations = {}, items = {}, sendsOrders = [] } = settings;
  const shown = keeperAnswer.safeParse({
    locations,
    items,
    sendsOrders: sendsOrders ?? [],
    bookDriftUpTo: numberOf(settings["bookDriftUpTo"]),
    returnOverdueDays: numberOf(settings["returnOverdueDays"]),
    timeZone: textOf(settings["timeZone"]),
    files: settings["files"] ?? [],
    sftp: settings["sftp"] ?? null,
    nonSellableBins: settings["nonSellableBins"] ?? null,
  });
  return shown.success ? shown.data : NO_KEEPER_SETTINGS;
}

const NO_KEEPER_SETTINGS: z.output<typeof keeperAnswer> = {
  locations: {},
  items: {},
  sendsOrders: [],
  bookDriftUpTo: null,
  returnOverdueDays: null,
  timeZone: null,
  files: [],
  sftp: null,
  nonSellableBins: null,
};

function textOf(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === "number" ? value : null;
}
