import { createHash } from "node:crypto";

import { z } from "zod";

/** A custom attribute of a message, as the JSON protocol writes it. Binary values are base64. */
export const messageAttributeSchema = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});

export type MessageAttributes = Record<string, z.infer<typeof messageAttributeSchema>>;

/** `MD5OfBody`, which clients check. */
export function bodyDigest(body: string): string {
  return createHash("md5").update(body, "utf8").digest("hex");
}

/** 4-byte big-endian length, then the bytes. */
function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** `MD5OfMessageAttributes`: name, data type, one byte for text (1) or binary (2), value, by name. */
export function attributesDigest(attributes: MessageAttributes): string {
  const digest = createHash("md5");
  for (const name of Object.keys(attributes).toSorted()) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    const isBinary = attribute.DataType.startsWith("Binary");
    digest.update(withLength(Buffer.from(name)));
    digest.update(withLength(Buffer.from(attribute.DataType)));
    digest.update(Buffer.of(isBinary ? 2 : 1));
    const value = isBinary
      ? Buffer.from(attribute.BinaryValue ?? "", "base64")
      : Buffer.from(attribute.StringValue ?? "");
    digest.update(withLength(value));
  }
  return digest.digest("hex");
}

/** Bytes that count towards the size limit: the body, and names, types and values of attributes. */
export function messageBytes(body: string, attributes: MessageAttributes): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    bytes += Buffer.byteLength(StringValue ?? "") + Buffer.byteLength(BinaryValue ?? "", "base64");
  }
  return bytes;
}
