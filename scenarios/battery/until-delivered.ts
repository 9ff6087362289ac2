import { waitUntil } from "@onepool/server/testing/wait-until.ts";

/** Notifications that wait for their time, and those on their way to us. */
export interface Undelivered {
  readonly waiting: number;
  readonly onTheWire: number;
}

/** Moves a simulator's clock on until no notification waits, and waits for what is on the wire. */
export async function untilDelivered(
  control: (method: "GET" | "POST", path: string, body?: unknown) => Promise<Record<string, unknown>>,
  undeliveredOf: (report: Record<string, unknown>) => Undelivered,
): Promise<void> {
  await waitUntil(async () => {
    const { waiting, onTheWire } = undeliveredOf(await control("GET", "/_sim/notifications"));
    if (onTheWire === 0 && waiting > 0) await control("POST", "/_sim/clock", { advanceMs: 600_000 });
    return waiting === 0 && onTheWire === 0;
  });
}
