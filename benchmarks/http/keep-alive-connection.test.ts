import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";

import { afterEach, expect, test } from "vitest";

import { answerIn, KeepAliveConnection } from "./keep-alive-connection.ts";

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** A server that does with each request what it is told. */
async function serverThat(answers: (socket: Socket, request: string) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on("data", (chunk) => answers(socket, chunk.toString("latin1")));
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(server);
  return (server.address() as AddressInfo).port;
}

test("an answer is whole when as much came as its head says", () => {
  const head = "HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n";
  expect(answerIn(head.slice(0, -1))).toBeNull();
  expect(answerIn(`${head}hell`)).toBeNull();
  expect(answerIn(`${head}hello`)).toEqual({ status: 201, body: "hello" });
  expect(() => answerIn("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")).toThrow(/how long/);
});

test("one connection carries request after request, in whatever pieces the answers come", async () => {
  const port = await serverThat((socket, request) => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-le");
    setImmediate(() => socket.write(`ngth: ${request.length}\r\n\r\n`));
    setImmediate(() => setImmediate(() => socket.write(request)));
  });
  const connection = await KeepAliveConnection.open(port);
  open.push(connection);
  expect(await connection.send("one")).toEqual({ status: 200, body: "one" });
  expect(await connection.send("three")).toEqual({ status: 200, body: "three" });
});

test("a connection that breaks fails the request under way", async () => {
  const port = await serverThat((socket) => socket.destroy());
  const connection = await KeepAliveConnection.open(port);
  open.push(connection);
  await expect(connection.send("anything")).rejects.toThrow();
});
