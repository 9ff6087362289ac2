import type { FastifyRequest } from "fastify";

/**
 * Whether a request came from a page of ours, as the browser says it: it adds these headers itself and lets no script
 * change them. SameSite alone does not tell, since every port of a machine is of the same site.
 */
export function isSameOrigin(request: FastifyRequest, publicUrl: URL | undefined): boolean {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin";
  // Browsers leave Sec-Fetch-Site out over plain http to anything but this machine, never Origin on a write.
  const { origin } = request.headers;
  if (origin === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === request.headers.host || origin === publicUrl?.origin;
}

/** Methods that only read, which other sites may make a browser send (they cannot see the answer). */
export function isReading(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}
