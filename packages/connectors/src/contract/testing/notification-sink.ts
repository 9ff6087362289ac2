import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A callback address that keeps what it is sent, in order of arrival. */
export interface NotificationSink {
  readonly url: string;
  readonly bodies: readonly unknown[];
  /** Resolves once `enough` says so of what has arrived. */
  until(enough: (bodies: readonly unknown[]) => boolean): Promise<void>;
  close(): Promise<void>;
}

export async function openNotificationSink(): Promise<NotificationSink> {
  const bodies: unknown[] = [];
  const arrivals = new EventTarget();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      bodies.push(JSON.parse(Buffer.concat(chunks).toString("utf8")));
      response.end();
      arrivals.dispatchEvent(new Event("arrival"));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    bodies,
    until: (enough) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!enough(bodies)) return;
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
