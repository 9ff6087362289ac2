import { z } from "zod";

import { WHEN_BLIND } from "../../../intake/when-blind.ts";
import { instantAnswer } from "../../schema/answers.ts";
import { connectionHealth, connectionLatency } from "../../schema/connection-health.ts";
import { keeperAnswer } from "../../schema/keeper-settings.ts";

const units = z.int();

const wentLive = z.strictObject({
  at: instantAnswer,
  previewedSeq: z.int().nullable().meta({ description: "The preview that was seen; null: none was named." }),
  rises: units.meta({ description: "Listings whose number was to rise then." }),
  falls: units,
  toZero: units,
  unread: units.meta({ description: "Listings of which nobody knew what they showed." }),
});

export const connectionAnswer = z
  .strictObject({
    code: z.string(),
    kind: z.string(),
    mode: z.enum(["import", "shadow", "live"]),
    since: instantAnswer.nullable(),
    title: z.string().nullable(),
    baseUrl: z.string().nullable(),
    tokenUrl: z.string().nullable(),
    accountId: z.string().nullable(),
    authorizedAt: instantAnswer.nullable().meta({
      description: "When a person last let us in at the channel, in a browser.",
    }),
    options: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .meta({ description: "Settings that only channels of this kind have." }),
    stopsPerHour: z.int().nullable().meta({ description: "The brake's limit where the seller set one." }),
    brakeReleasedAt: instantAnswer.nullable(),
    orderFeedLimitMs: z.int().nullable(),
    whenBlind: z.enum(WHEN_BLIND).meta({
      description: "What the other connections do with the same units while this one's channel is not seen.",
    }),
    shipsFrom: z.string().nullable().meta({
      description: "The location that lines ship from where nobody names one; main if null.",
    }),
    keeper: keeperAnswer.nullable().meta({ description: "Null for a channel." }),
    hasCredentials: z.boolean().meta({ description: "They are never shown again." }),
    hookUrl: z.string().nullable().meta({
      description:
        "Where the channel sends its notifications. Whoever knows it can send some: shown to admin keys only.",
    }),
    wentLive: wentLive.nullable().meta({
      description: "When it last went live, and what was known of the difference then.",
    }),
    createdSeq: z.int(),
    updatedSeq: z.int(),
    health: connectionHealth,
    latency: connectionLatency,
  })
  .meta({ id: "Connection" });
