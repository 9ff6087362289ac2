import type { Onepool } from "./two-markets.ts";

/** Asks to hold units as a shop of the seller's own does: true if it got them, false if there are not so many for it. */
export async function reserve(
  { url, key }: Pick<Onepool, "url" | "key">,
  hold: { readonly reservationId: string; readonly sku: string; readonly units: number },
): Promise<boolean> {
  const { reservationId, sku, units } = hold;
  const answer = await fetch(`${url}/v1/reservations`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ reservationId, lines: [{ sku, units }], ttlSeconds: 3_600 }),
  });
  const text = await answer.text();
  if (answer.status === 201) return true;
  if (answer.status === 409 && text.includes("insufficient_stock")) return false;
  throw new Error(`a reservation was answered ${answer.status}: ${text}`);
}
