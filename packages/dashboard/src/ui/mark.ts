/** How much a state asks of somebody: colour and sign follow. */
export type Mark = "calm" | "moving" | "warning" | "critical";

/** The marks, the gravest first. */
export const GRAVITY: readonly Mark[] = ["critical", "warning", "moving", "calm"];
