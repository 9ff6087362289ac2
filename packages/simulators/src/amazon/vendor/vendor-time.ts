/** `2024-12-24T14:20:00Z`: cut to its second, as the official examples write times (ASSUMED for all). */
export function vendorTime(epochMs: number): string {
  return `${new Date(wholeSecond(epochMs)).toISOString().slice(0, 19)}Z`;
}

/** The instant cut to its second. */
export function wholeSecond(epochMs: number): number {
  return Math.floor(epochMs / 1_000) * 1_000;
}

const ISO_8601 = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** An instant written in ISO 8601, or undefined. A date alone and a time without zone are UTC (ASSUMED). */
export function readTime(text: string): number | undefined {
  if (!ISO_8601.test(text)) return undefined;
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes("T") ? text : `${text}Z`;
  const at = Date.parse(zoned);
  return Number.isNaN(at) ? undefined : at;
}
