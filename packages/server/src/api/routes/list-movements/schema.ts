import { z } from "zod";

import { instantAnswer, nextCursor } from "../../schema/answers.ts";
import { code } from "../../schema/fields.ts";
import { cursor, limit, sequencePart } from "../../schema/paging.ts";

const units = z.int();

const bucket = z.enum([
  "sellable",
  "quality_control",
  "damaged",
  "incoming",
  "reserved",
  "committed",
  "returning",
]);

export const movementList = z.strictObject({
  movements: z.array(
    z
      .strictObject({
        seq: z.int().meta({ description: "The entry it belongs to." }),
        leg: z.int().meta({ description: "Its place in the entry." }),
        kind: z.string(),
        recordedAt: instantAnswer,
        occurredAt: instantAnswer,
        sku: z.string(),
        location: z.string().nullable(),
        bucket,
        units: units.meta({ description: "Signed." }),
        counterpart: z.string(),
        before: units,
        after: units,
        channel: z.string().nullable(),
        orderId: z.string().nullable(),
        lineId: z.string().nullable(),
        externalId: z.string().nullable(),
        reason: z.string().nullable(),
      })
      .meta({ id: "MovementLeg" }),
  ),
  nextCursor,
});

const WITH_SKU = "Only together with sku.";
const WITH_EACH_OTHER = "Both or none.";

export const movementQuery = z
  .strictObject({
    sku: code.exactOptional(),
    location: code.exactOptional().meta({ description: WITH_SKU }),
    bucket: bucket.exactOptional().meta({ description: WITH_SKU }),
    channel: code.exactOptional().meta({ description: `With orderId: of one order. ${WITH_EACH_OTHER}` }),
    orderId: code.exactOptional().meta({ description: WITH_EACH_OTHER }),
    limit,
    cursor: cursor(z.tuple([sequencePart, z.int().min(0)])),
  })
  .check((context) => {
    const { sku, location, bucket: inBucket, channel, orderId } = context.value;
    const wrong = (field: string, message: string): void => {
      context.issues.push({
        code: "custom",
        input: context.value,
        path: [field],
        message,
        params: { sentence: true },
      });
    };
    if (sku === undefined && location !== undefined)
      wrong("location", "location is taken together with sku only.");
    if (sku === undefined && inBucket !== undefined)
      wrong("bucket", "bucket is taken together with sku only.");
    if (channel === undefined && orderId !== undefined)
      wrong("channel", "orderId is taken together with channel only.");
    if (channel !== undefined && orderId === undefined)
      wrong("orderId", "channel is taken together with orderId only.");
    if (sku !== undefined && orderId !== undefined) wrong("orderId", "Ask by sku or by order, not by both.");
  });
