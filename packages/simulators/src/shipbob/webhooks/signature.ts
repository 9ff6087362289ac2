import { createHmac } from "node:crypto";

const PREFIX = "whsec_";

/** The key behind a secret: base64 behind `whsec_`; undefined where it is not of that form. */
export function keyOf(secret: string): Buffer | undefined {
  const text = secret.slice(PREFIX.length);
  const isWhole = secret.startsWith(PREFIX) && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  return isWhole ? Buffer.from(text, "base64") : undefined;
}

/** Standard Webhooks, documented: HMAC-SHA256 over id, seconds and the raw body. */
export function signatureOf(
  secret: string,
  { id, seconds, body }: { id: string; seconds: number; body: string },
): string {
  const key = keyOf(secret);
  if (key === undefined) throw new Error("a subscription's secret is no whsec_ secret");
  return `v1,${createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64")}`;
}
