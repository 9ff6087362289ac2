import { EMBEDDED_DATABASE, EMBEDDED_ROLE, EMBEDDED_SOCKET_NUMBER } from "./embedded-folder.ts";
import { socketFolder } from "./socket-folder.ts";

/** The connection string of an embedded cluster. `host` as a parameter is how libpq and pg both spell a socket folder. */
export async function embeddedUrl(clusterFolder: string, password: string): Promise<string> {
  const host = encodeURIComponent(await socketFolder(clusterFolder));
  return `postgresql://${EMBEDDED_ROLE}:${password}@localhost:${EMBEDDED_SOCKET_NUMBER}/${EMBEDDED_DATABASE}?host=${host}`;
}
