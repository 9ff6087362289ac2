/**
 * ShipHero's times, in UTC and without a zone: that is how its answers and webhooks are documented. `T` stands in
 * the API and in Order Allocated, a space in Inventory Change and Shipment Update.
 */
export function vendorTime(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 19);
}

export function spacedVendorTime(epochMs: number): string {
  return vendorTime(epochMs).replace("T", " ");
}

const pattern = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Milliseconds since 1970; undefined when it is no time. Without a zone it is UTC. */
export function readVendorTime(text: string): number | undefined {
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const zone = found[1] ?? "Z";
  const instant = text.slice(0, found[1] === undefined ? undefined : -zone.length).replace(" ", "T");
  const epochMs = Date.parse(`${instant.length === 10 ? `${instant}T00:00:00` : instant}${zone}`);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}
