import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import { failed } from "@onepool/connectors/contract/outcome.ts";
import type { TokenVault } from "@onepool/connectors/contract/token-vault.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import { mergeJson } from "@onepool/core/ledger/merge-json.ts";
import type { z } from "zod";

import { readConnection, type StoredConnection } from "../../../ledger/read/connection-store.ts";
import { readLocation } from "../../../ledger/read/location-store.ts";
import type { ApiDeps } from "../../api-deps.ts";
import type { Problem } from "../../problem.ts";
import { KEEPER_SETTINGS } from "../../schema/keeper-settings.ts";
import type { connectionBody } from "./schema.ts";

type Body = z.output<typeof connectionBody>;

/**
 * What is wrong with the settings that only keepers have: given to a channel, or naming a place or a channel that is not there.
 * Items may name SKUs that are not there yet: what is told of them waits for those.
 */
export async function keeperSettingsProblem(
  deps: ApiDeps,
  key: { readonly sellerId: number; readonly connection: string },
  sent: Body,
  stored: StoredConnection | null,
): Promise<Problem | null> {
  const kind = deps.keepers?.kinds.get(sent.kind ?? stored?.kind ?? "");
  if (kind === undefined) {
    const given = KEEPER_SETTINGS.find((name) => sent[name] !== undefined && sent[name] !== null);
    return given === undefined ? null : notOfAChannel(given);
  }
  return (
    (await locationsProblem(deps, key.sellerId, sent.locations ?? {})) ??
    (await channelsProblem(deps, key.sellerId, sent.sendsOrders ?? [])) ??
    refusedSettings(deps, kind, key.connection, settingsAfter(sent, stored))
  );
}

function settingsAfter(sent: Body, stored: StoredConnection | null): JsonObject {
  const { kind: _, mode: _m, since: _s, credentials: _c, previewedSeq: _p, options, ...settings } = sent;
  return mergeJson(stored?.settings ?? {}, { ...settings, ...options });
}

/** What the kind's connector finds wrong with the settings as they will be; credentials may come later. */
function refusedSettings(
  { clock }: ApiDeps,
  kind: KeeperKind,
  connection: string,
  settings: JsonObject,
): Problem | null {
  const opened = kind.connect({ connection, settings, credentials: null, tokens: NO_TOKENS, clock });
  if (opened.ok || opened.error.code !== "wrong_settings") return null;
  return { code: "invalid_field", field: "body", message: opened.error.message };
}

/** Opening a connection calls nobody. */
const NO_TOKENS: TokenVault = {
  current: () => Promise.resolve(failed(NOT_CONNECTED)),
  replace: () => Promise.resolve(failed(NOT_CONNECTED)),
};

const NOT_CONNECTED = { kind: "auth", message: "Nothing is connected yet." } as const;

function notOfAChannel(field: string): Problem {
  const message = `${field} is a setting of keepers, and this connection is to none.`;
  return { code: "invalid_field", field, message };
}

async function locationsProblem(
  deps: ApiDeps,
  sellerId: number,
  locations: Readonly<Record<string, string>>,
): Promise<Problem | null> {
  const known = new Map<string, string | null>();
  for (const [facility, location] of Object.entries(locations)) {
    const field = `locations.${facility}`;
    if (!known.has(location))
      known.set(location, (await readLocation(deps.reader, sellerId, location))?.kind ?? null);
    const kind = known.get(location);
    if (kind === null)
      return {
        code: "unknown_location",
        field,
        message: `There is no location ${location}: create it with PUT /v1/locations/{code}.`,
      };
    if (kind === "channel")
      return {
        code: "invalid_field",
        field,
        message: `${location} is a channel's own warehouse: a keeper's units lie at a location of kind 3pl or warehouse.`,
      };
  }
  return null;
}

async function channelsProblem(
  deps: ApiDeps,
  sellerId: number,
  channels: readonly string[],
): Promise<Problem | null> {
  for (const [index, code] of channels.entries()) {
    const connection = await readConnection(deps.reader, sellerId, code);
    const field = `sendsOrders.${index}`;
    if (connection === null)
      return {
        code: "unknown_connection",
        field,
        message: `There is no connection ${code}: create it with PUT /v1/connections/{code}.`,
      };
    if (deps.keepers?.kinds.has(connection.kind) === true)
      return { code: "invalid_field", field, message: `${code} is a keeper: it has no orders to be given.` };
  }
  return null;
}
