/** A number of units: a safe integer. One call moves at most `MAX_UNITS`; balances may grow beyond it. */
export type Units = number;

/** The most units one line or movement may name (DESIGN §10). */
export const MAX_UNITS = 1_000_000_000;

/** Milliseconds since 1970-01-01T00:00:00Z. The core never reads a clock: instants arrive as arguments. */
export type Instant = number;

/** How far in the future `occurredAt` may lie, for clocks that run ahead, in milliseconds (DESIGN §3). */
export const MAX_FUTURE_MS = 5 * 60_000;
