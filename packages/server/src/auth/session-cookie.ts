import { createHash } from "node:crypto";

import type { CookieSerializeOptions } from "@fastify/cookie";

import { SESSION_LIFE_MS } from "./browser-session-store.ts";

/**
 * The cookie's name differs between installations: cookies know no ports, and two servers on one machine (the demo
 * beside the real thing) would otherwise sign each other's browsers out.
 */
export function sessionCookieName(secretKey: string): string {
  return `onepool_${createHash("sha256").update(`cookie ${secretKey}`).digest("hex").slice(0, 8)}`;
}

/** Scripts cannot read it, other sites cannot send it, and under an https address it never goes over plain http. */
export function sessionCookieOptions(
  publicUrl: URL | undefined,
  hostHeader: string | undefined,
): CookieSerializeOptions {
  return {
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    // Not when the same server is opened by its plain address on its own machine.
    secure: publicUrl?.protocol === "https:" && publicUrl.host === hostHeader,
    maxAge: SESSION_LIFE_MS / 1000,
  };
}
