import { isIP } from "node:net";
import { hostname } from "node:os";

/**
 * Whether we answer to a Host header. A page elsewhere may let its own name point at this machine (DNS rebinding) and
 * would then be of one origin with us; it cannot do that with an address, nor with a name that is not its own.
 */
export function isAllowedHost(
  header: string | undefined,
  names: { readonly host: string; readonly publicUrl: URL | undefined },
): boolean {
  const name = hostNameOf(header);
  if (name === null) return false;
  if (isIP(name) !== 0 || name === "localhost" || name.endsWith(".localhost")) return true;
  return name === names.host || name === names.publicUrl?.hostname || name === hostname().toLowerCase();
}

/** The name or address in a Host header, without port and brackets; null for what is none. */
function hostNameOf(header: string | undefined): string | null {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header ?? "");
  // A final dot names the same host.
  return (parts?.[1] ?? parts?.[2])?.toLowerCase().replace(/\.$/, "") ?? null;
}
