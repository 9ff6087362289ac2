import { createServer, type AddressInfo } from "node:net";

import { fastify } from "fastify";
import pg from "pg";
import { afterAll, expect, test } from "vitest";

import { createLog } from "../../log/log.ts";
import { errorHandler } from "./handle-errors.ts";

const lines: string[] = [];
const log = createLog({ level: "info", destination: { write: (line: string) => void lines.push(line) } });
const app = fastify();
app.setErrorHandler(errorHandler(log));

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const pool = new pg.Pool({ host: "127.0.0.1", port: await closedPort() });
app.get("/query", () => pool.query("select 1"));
app.get("/bug", () => {
  throw new TypeError("secret detail of ours");
});
afterAll(() => Promise.all([app.close(), pool.end()]));

test("a database that does not answer is told as such, with when to come again", async () => {
  const answer = await app.inject("/query");
  expect(answer.statusCode).toBe(503);
  expect(answer.headers).toMatchObject({
    "retry-after": "1",
    "content-type": "application/problem+json; charset=utf-8",
  });
  expect(answer.json()).toMatchObject({ code: "database_unavailable", field: "" });
});

test("a bug of ours is logged and its details are nobody else's", async () => {
  const answer = await app.inject("/bug");
  expect(answer.statusCode).toBe(500);
  expect(answer.json()).toMatchObject({ code: "internal_error" });
  expect(answer.body).not.toContain("secret detail");
  expect(lines.join("")).toContain("secret detail");
});
