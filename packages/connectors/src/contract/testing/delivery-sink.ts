import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { Delivery } from "../keeper/keeper.ts";

/** An address that keepers post to: keeps deliveries as they came, and answers as we do. */
export interface DeliverySink {
  readonly url: string;
  readonly deliveries: readonly Delivery[];
  /** Resolves once `enough` says so of what has arrived. */
  until(enough: (deliveries: readonly Delivery[]) => boolean): Promise<void>;
  close(): Promise<void>;
}

export async function openDeliverySink(clock: { now(): number }): Promise<DeliverySink> {
  const deliveries: Delivery[] = [];
  const arrivals = new EventTarget();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value[0] : value,
        ]),
      );
      deliveries.push({ headers, rawBody: Buffer.concat(chunks), receivedAt: clock.now() });
      response.setHeader("content-type", "application/json");
      response.end('{"code":"200","Status":"Success"}');
      arrivals.dispatchEvent(new Event("arrival"));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    deliveries,
    until: (enough) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!enough(deliveries)) return;
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
