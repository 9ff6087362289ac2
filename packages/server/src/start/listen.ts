import { isIPv6 } from "node:net";

import type { FastifyInstance } from "fastify";

export type Listening =
  | { readonly ok: true; readonly port: number }
  | { readonly ok: false; readonly sentence: string };

/** Begins to take requests, or says in one sentence why not. */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<Listening> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const sentence = refusal((error as NodeJS.ErrnoException).code, host, port);
    if (sentence === null) throw error;
    return { ok: false, sentence };
  }
  const address = app.server.address();
  return { ok: true, port: typeof address === "object" && address !== null ? address.port : port };
}

/** The address a person on this machine types, where only the one listened on is known. */
export function localUrl(host: string, port: number): string {
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${isIPv6(name) ? `[${name}]` : name}:${port}`;
}

function refusal(code: string | undefined, host: string, port: number): string | null {
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is taken: stop what listens there, or set ONEPOOL_PORT to another port (0 takes any free one).`;
    case "EACCES":
      return `Port ${port} needs rights this user does not have: set ONEPOOL_PORT to 1024 or above.`;
    case "EADDRNOTAVAIL":
      return `This machine has no address ${host}: set ONEPOOL_HOST to one it has, such as 127.0.0.1 or 0.0.0.0.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The host name ${host} is not known: set ONEPOOL_HOST to an address of this machine, such as 127.0.0.1.`;
    default:
      return null;
  }
}
