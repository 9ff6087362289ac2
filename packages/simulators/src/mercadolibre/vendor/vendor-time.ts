/** MercadoLibre writes order times in UTC-4 whatever the site (captured on MLA orders), cut to whole seconds. */
const ORDER_OFFSET_MS = -4 * 3_600_000;

/** `2026-09-10T03:55:25.000-04:00`: the instant cut to its second. */
export function orderTime(epochMs: number): string {
  const wholeSecond = Math.floor(epochMs / 1_000) * 1_000;
  return new Date(wholeSecond + ORDER_OFFSET_MS).toISOString().replace("Z", "-04:00");
}

/** `2026-10-06T13:23:06.247Z`, as items, notifications and user products write it. */
export function utcTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
