import { createHmac, timingSafeEqual } from "node:crypto";

import type { Delivery } from "../contract/keeper/keeper.ts";

/**
 * Why a delivery is not ShipHero's, or null where it is: base64 of HMAC-SHA256 over the body. It carries no time: a delivery that is
 * repeated by somebody else is one that was told already.
 */
export function signatureFault({ headers, rawBody }: Delivery, secrets: readonly string[]): string | null {
  const told = headers["x-shiphero-hmac-sha256"];
  if (!told) return "it is not signed";
  const usable = secrets.map((kept) => secretIn(kept)).filter((secret) => secret !== "");
  if (usable.length === 0) return "no secret is known yet";
  const signature = Buffer.from(told, "base64");
  // All are compared, so that the time it takes tells nothing.
  const matches = usable.filter((secret) => {
    const mac = createHmac("sha256", secret).update(rawBody).digest();
    return signature.length === mac.length && timingSafeEqual(signature, mac);
  });
  return matches.length > 0 ? null : "its signature is wrong";
}

/** A secret as we keep it: behind the id of its webhook, since each has its own and none can be asked for again. */
export function keptSecret(webhookId: string, secret: string): string {
  return `${webhookId} ${secret}`;
}

/** Whose it is; null for one that somebody entered by hand. */
export function webhookIdIn(kept: string): string | null {
  const at = kept.indexOf(" ");
  return at < 0 ? null : kept.slice(0, at);
}

function secretIn(kept: string): string {
  return kept.slice(kept.indexOf(" ") + 1);
}
