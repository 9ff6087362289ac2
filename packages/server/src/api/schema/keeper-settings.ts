// Settings that only connections to keepers have.
import { isTimeZone } from "@onepool/connectors/contract/zone-offset.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import { z } from "zod";

import { code, components, days, lineOfText, unitsOrNone } from "./fields.ts";

const TIME_ZONE = 'an IANA time zone, for example "America/Mexico_City"';

const timeZone = z.string({ error: TIME_ZONE }).refine(isTimeZone, { error: TIME_ZONE });

const ITEM = "a SKU, or an array of 1 to 100 times sku and units";

const PLAIN = "an object that holds no zero characters";

/** Settings of a shape that only the kind's connector knows; what PostgreSQL cannot keep as text is refused here. */
const plainObject = z
  .looseObject({}, { error: PLAIN })
  .refine(isPlain, { error: PLAIN })
  .transform((value) => value as JsonObject);

function isPlain(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed() && !value.includes("\0");
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, member]) => isPlain(name) && isPlain(member));
}

/** What a keeper's facility is here, what its items are, and what it may do. Each is replaced whole; a null removes it. */
export const keeperSettings = {
  locations: z.record(code, code).nullable().exactOptional().meta({
    description:
      'Keepers: your location by the keeper\'s facility, for example {"FC-1": "3pl"}. What a facility without one tells waits, nothing of it is lost. Replaces the map.',
  }),
  items: z
    .record(code, z.union([code, components], { error: ITEM }))
    .nullable()
    .exactOptional()
    .meta({
      description:
        "Keepers: your SKU by the keeper's item, or what a kit of its is made of; only where the keeper calls a SKU otherwise than you do. Replaces the map.",
    }),
  sendsOrders: z.array(code).max(100).nullable().exactOptional().meta({
    description: "Keepers: the channels whose orders are given to this keeper. Replaces the list.",
  }),
  bookDriftUpTo: unitsOrNone.nullable().exactOptional().meta({
    description:
      "Keepers: units too many that are booked without a person; 5 % of what lies there, at least 3, if absent.",
  }),
  returnOverdueDays: days.nullable().exactOptional().meta({
    description: "Keepers: days until a return that never arrived is told; 30 if absent.",
  }),
  timeZone: timeZone.nullable().exactOptional().meta({
    description: "Keepers: whose times without a zone are meant; UTC if absent.",
  }),
  files: z.array(plainObject).max(50).nullable().exactOptional().meta({
    description:
      "file-drop: how files are read, by their names: columns, separators, times. Replaces the list.",
  }),
  sftp: plainObject.nullable().exactOptional().meta({
    description: "file-drop: the SFTP server with the files: host, port, username, path, hostKeySha256.",
  }),
  nonSellableBins: z.array(lineOfText).max(10_000).nullable().exactOptional().meta({
    description: "shiphero: the bins whose units are not to be sold, all of them. Replaces the list.",
  }),
};

type KeeperSetting = keyof typeof keeperSettings;

export const KEEPER_SETTINGS = Object.keys(keeperSettings) as readonly KeeperSetting[];

/** The same as it is answered. */
export const keeperAnswer = z.strictObject({
  locations: z.record(z.string(), z.string()),
  items: z.record(
    z.string(),
    z.union([z.string(), z.array(z.strictObject({ sku: z.string(), units: z.int() }))]),
  ),
  sendsOrders: z.array(z.string()),
  bookDriftUpTo: z.int().nullable(),
  returnOverdueDays: z.int().nullable(),
  timeZone: z.string().nullable(),
  files: z.array(z.looseObject({})),
  sftp: z.looseObject({}).nullable(),
  nonSellableBins: z.array(z.string()).nullable(),
});
