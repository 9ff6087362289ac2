/** An instant as ShipBob writes most of them. */
export function vendorTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "+00:00");
}

export function vendorTimeOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : vendorTime(epochMs);
}
