import { z } from "zod";

import { isOption } from "../../../connections/connection-options.ts";
import { WHEN_BLIND } from "../../../intake/when-blind.ts";
import { baseUrl, code, instant, lineOfText } from "../../schema/fields.ts";
import { keeperSettings } from "../../schema/keeper-settings.ts";

const SECRET_TEXT = "a string of 1 to 20,000 characters";

/** Any text that PostgreSQL and JSON can carry; keys in PEM have line breaks. */
const secret = z
  .string({ error: SECRET_TEXT })
  .min(1, { error: SECRET_TEXT })
  .max(20_000, { error: SECRET_TEXT })
  .refine((text) => text.isWellFormed() && !text.includes("\0"), { error: SECRET_TEXT });

const OPTION_NAME = "a setting of this kind of channel, in camelCase, that has no field of its own";

const OPTION_VALUE =
  "a string of 1 to 1,000 characters without control characters, a number, true, false or null";

const optionName = z
  .string({ error: OPTION_NAME })
  .regex(/^[a-z][A-Za-z0-9]{0,59}$/, { error: OPTION_NAME })
  .refine(isOption, { error: OPTION_NAME });

const optionValue = z
  .union([lineOfText, z.number(), z.boolean(), z.null()], { error: OPTION_VALUE })
  .meta({ description: "A null removes it." });

/** Beside the answer of a connection that goes live. */
export const warnings = z
  .array(
    z.strictObject({
      code: z.enum(["not_previewed", "changed_since_preview", "import_not_complete"]),
      message: z.string(),
    }),
  )
  .optional()
  .meta({
    description:
      "Only where a connection goes live. not_previewed: numbers will change and no preview was named. changed_since_preview: listings were mapped or changed after it. import_not_complete: nothing is pushed before the orders are complete up to now.",
  });

export const connectionBody = z
  .strictObject({
    kind: code.exactOptional().meta({
      description:
        "The channel, for example mercadolibre, or the keeper, for example shipbob; api for a channel of your own. Required at first.",
    }),
    title: lineOfText.nullable().exactOptional(),
    baseUrl: baseUrl
      .nullable()
      .exactOptional()
      .meta({ description: "Where the channel's API is; its own if absent." }),
    tokenUrl: baseUrl.nullable().exactOptional().meta({ description: "Where its access tokens come from." }),
    accountId: code
      .nullable()
      .exactOptional()
      .meta({ description: "The channel's own id of the account: what its notifications name." }),
    options: z.record(optionName, optionValue).exactOptional().meta({
      description:
        "Settings that only channels of this kind have, such as storeId at MercadoLibre, sellerId and marketplaceId at Amazon; merges.",
    }),
    credentials: z.record(code, secret).exactOptional().meta({
      description: "What the channel gave you. Replaces all of them; encrypted, never shown again.",
    }),
    mode: z
      .enum(["import", "shadow", "live"])
      .exactOptional()
      .meta({ description: "import (read only) at first; shadow computes without pushing; live pushes." }),
    previewedSeq: z.int().min(0).max(Number.MAX_SAFE_INTEGER).exactOptional().meta({
      description:
        "With mode live: the previewedSeq of the preview that was seen. Without it the connection goes live all the same, with a warning where numbers will change; both are recorded.",
    }),
    stopsPerHour: z.int().min(0).max(1_000_000).nullable().exactOptional().meta({
      description:
        "Listings that may stop within an hour without having been sold out, before the brake holds the rest; a tenth of them, and at least 20, if absent.",
    }),
    brakeReleasedAt: instant.nullable().exactOptional().meta({
      description: "Releases the brake: what it held until then goes out, and its count begins anew.",
    }),
    orderFeedLimitMs: z.int().min(1_000).max(86_400_000).nullable().exactOptional().meta({
      description:
        "How far behind the channel's orders may be, in milliseconds, until nothing is raised there; what its polls take if absent.",
    }),
    whenBlind: z.enum(WHEN_BLIND).nullable().exactOptional().meta({
      description:
        "What the other connections do with the same units while this one's channel is not seen: hold_back (if absent) what it has probably sold, stop, or sell on.",
    }),
    shipsFrom: code.nullable().exactOptional().meta({
      description:
        "The location that lines ship from where nobody names one; main if absent. Changing it moves nothing that left.",
    }),
    ...keeperSettings,
    since: instant
      .nullable()
      .exactOptional()
      .meta({ description: "The cut-over: what was shipped or cancelled before it is history." }),
  })
  .meta({ id: "ConnectionBody" });
