import { createHmac, timingSafeEqual } from "node:crypto";

import type { Delivery } from "../contract/keeper/keeper.ts";

/** How far a delivery's time may be from ours, in milliseconds (Standard Webhooks). */
const TOLERANCE_MS = 300_000;

/** Why a delivery is not ShipBob's, or null where it is: Standard Webhooks, HMAC-SHA256 over `id.timestamp.body`. */
export function signatureFault(
  { headers, rawBody, receivedAt }: Delivery,
  secrets: readonly string[],
): string | null {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  if (!id || !timestamp || !signatures) return "it is not signed";
  if (secrets.length === 0) return "no secret is known yet";
  const sentAt = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1_000 : Number.NaN;
  if (!(Math.abs(receivedAt - sentAt) <= TOLERANCE_MS)) return "its time is more than 5 minutes off";
  const told = signatures
    .split(" ")
    .filter((signature) => signature.startsWith("v1,"))
    .map((signature) => Buffer.from(signature.slice("v1,".length), "base64"));
  // Every pair is compared, so that the time it takes tells nothing.
  const matches = secrets.flatMap((secret) => {
    const mac = createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.`).update(rawBody).digest();
    return told.filter((one) => one.length === mac.length && timingSafeEqual(one, mac));
  });
  return matches.length > 0 ? null : "its signature is wrong";
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ""), "base64");
}
