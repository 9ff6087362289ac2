import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The address of our notifications: keeps what it is sent, or is down. */
export interface NotificationSink {
  readonly url: string;
  /** While it does not listen, it answers that it is down and keeps nothing. */
  listen(isListening: boolean): void;
  /** The bodies that arrived since the last call. */
  take(): readonly unknown[];
  close(): Promise<void>;
}

export async function openNotificationSink(): Promise<NotificationSink> {
  const bodies: unknown[] = [];
  let isUp = true;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (isUp) bodies.push(JSON.parse(Buffer.concat(chunks).toString("utf8")));
      response.writeHead(isUp ? 200 : 503).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    listen: (isListening) => {
      isUp = isListening;
    },
    take: () => bodies.splice(0),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
