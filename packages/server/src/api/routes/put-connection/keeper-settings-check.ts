import type { z } from "zod";

import type { StoredConnection } from "../../../ledger/read/connection-store.ts";
import { readConnection } from "../../../ledger/read/connection-store.ts";
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
  sellerId: number,
  sent: Body,
  stored: StoredConnection | null,
): Promise<Problem | null> {
  const given = KEEPER_SETTINGS.find((name) => sent[name] !== undefined && sent[name] !== null);
  if (given === undefined) return null;
  const kind = sent.kind ?? stored?.kind ?? "";
  if (deps.keepers?.kinds.has(kind) !== true) return notOfAChannel(given, kind);
  return (
    (await locationsProblem(deps, sellerId, sent.locations ?? {})) ??
    (await channelsProblem(deps, sellerId, sent.sendsOrders ?? []))
  );
}

function notOfAChannel(field: string, kind: string): Problem {
  const message = `${field} is a setting of keepers, and ${kind === "" ? "this" : kind} is none.`;
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
