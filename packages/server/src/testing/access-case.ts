import type { Role } from "../auth/caller.ts";

/** How a route is tried with another seller's key. */
export interface AccessCase {
  /** Names what the first seller has. */
  readonly path: string;
  readonly body?: object;
  readonly needs: Role;
  /** What the other seller is answered, who has none of it. */
  readonly foreign: object;
  /** Where the first seller sees what this route could change. */
  readonly sees?: readonly string[];
}

/** It has nothing of this name. */
export function missing(code: string): object {
  return { status: 404, body: { code } };
}

/** Its list is empty. */
export function none(list: string): object {
  return { status: 200, body: { [list]: [] } };
}

/** It makes something of its own. */
export const RECORDED = { status: 200, body: { ok: true } };
