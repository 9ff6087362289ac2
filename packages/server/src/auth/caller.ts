import type { FastifyRequest } from "fastify";

/** What a key or session may do; each includes the one before. */
export type Role = "read" | "operate" | "admin";

/** All roles, weakest first. */
export const ROLES: readonly Role[] = ["read", "operate", "admin"];

/** Who asks: always exactly one seller. */
export interface Caller {
  readonly sellerId: number;
  readonly role: Role;
  /** The API key, or the browser session, for logs: never the secret itself. */
  readonly keyId: string;
}

/** What a route asks for. `open` routes have no caller: health, ready and the hooks. */
export type Access = "open" | Role;

declare module "fastify" {
  interface FastifyRequest {
    /** Null on open routes only; `callerOf` reads it. */
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** Absent: `read` for GET and HEAD, `operate` for everything else. */
    access?: Access;
  }
}

/** The caller of a route that is not open. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error(`${request.url} is open and has no caller`);
  return request.caller;
}

/** Whether `role` includes what `needed` allows. */
export function includesRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
