import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that was posted to a sink, as it came. */
export interface Posted {
  readonly headers: IncomingHttpHeaders;
  readonly rawBody: Buffer;
}

/** An address that keeps what is posted to it, in order of arrival. */
export interface PostSink<Kept> {
  readonly url: string;
  readonly kept: readonly Kept[];
  /** Resolves once `enough` says so of what has arrived. */
  until(enough: (kept: readonly Kept[]) => boolean): Promise<void>;
  close(): Promise<void>;
}

export interface PostSinkOptions<Kept> {
  /** What is kept of a request. */
  readonly keep: (posted: Posted) => Kept;
  /** JSON that every request is answered; nothing when absent. */
  readonly answer?: string;
}

export async function openPostSink<Kept>({ keep, answer }: PostSinkOptions<Kept>): Promise<PostSink<Kept>> {
  const kept: Kept[] = [];
  const arrivals = new EventTarget();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      kept.push(keep({ headers: request.headers, rawBody: Buffer.concat(chunks) }));
      if (answer !== undefined) response.setHeader("content-type", "application/json");
      response.end(answer);
      arrivals.dispatchEvent(new Event("arrival"));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    kept,
    until: (enough) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!enough(kept)) return;
          arrivals.removeEventListener("arrival", look);
          resolve();
        };
        arrivals.addEventListener("arrival", look);
        look();
      }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
