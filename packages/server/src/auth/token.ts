import { createHash, randomBytes } from "node:crypto";

/** Begins every key we make, so that a leaked one is recognised by scanners and by our own log. */
export const API_KEY_PREFIX = "opk_";

/** A text nobody can guess: 256 random bits behind a prefix that says what it is. */
export function newToken(prefix: string): string {
  return prefix + randomBytes(32).toString("base64url");
}

/** What is stored of a key, link or session. Fast on purpose: it hides random texts, not passwords. */
export function hashOf(token: string): Buffer {
  return createHash("sha256").update(token, "utf8").digest();
}
