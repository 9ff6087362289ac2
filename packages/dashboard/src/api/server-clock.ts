/** How far this machine's clock runs behind the server's, in milliseconds. Ages are told by the server's clock. */
let offsetMs = 0;

/** HTTP dates have whole seconds; a smaller difference than this is their rounding, not a wrong clock. */
const TOLERANCE_MS = 2_000;

/** Learns the server's time from the `Date` header of an answer. */
export function noteServerDate(header: string | null): void {
  const serverMs = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(serverMs)) return;
  const seenOffsetMs = serverMs - Date.now();
  offsetMs = Math.abs(seenOffsetMs) < TOLERANCE_MS ? 0 : seenOffsetMs;
}

/** Now, by the server's clock. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}
