import { z } from "zod";

import type { InboxItem, InboxKey } from "./inbox-list-store.ts";

const keySchema = z.tuple([z.int().min(0), z.string(), z.string(), z.string()]);

/** A text that names an item of the inbox; nobody has to understand it. */
export function inboxId({ sellerId, connection, topic, resource }: InboxItem): string {
  // A stray message has no connection, and is nobody's.
  const owner = connection === "" ? 0 : (sellerId ?? 0);
  return Buffer.from(JSON.stringify([owner, connection, topic, resource])).toString("base64url");
}

/** What such a text names; null for any other. */
export function readInboxId(text: string): InboxKey | null {
  try {
    const key = keySchema.safeParse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    if (!key.success) return null;
    const [sellerId, connection, topic, resource] = key.data;
    return { sellerId, connection, topic, resource };
  } catch {
    return null;
  }
}
