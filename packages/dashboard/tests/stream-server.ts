import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A stream served over real HTTP, each connection answered as the test says. */
export interface StreamServer {
  readonly url: string;
  /** The connections so far, in order. */
  readonly connections: { readonly lastEventId: string | undefined; readonly response: ServerResponse }[];
  close(): Promise<void>;
}

/** `answer` is called with the number of the connection, from 0. */
export async function streamServer(
  answer: (response: ServerResponse, nth: number, request: IncomingMessage) => void,
): Promise<StreamServer> {
  const connections: StreamServer["connections"] = [];
  const server = createServer((request, response) => {
    const lastEventId = request.headers["last-event-id"];
    connections.push({ lastEventId: typeof lastEventId === "string" ? lastEventId : undefined, response });
    answer(response, connections.length - 1, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/stream`,
    connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Begins a stream, with what it says first. */
export function open(response: ServerResponse, text = ""): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(`: hello\n\n${text}`);
}
