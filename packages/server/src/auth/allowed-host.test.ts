import { hostname } from "node:os";

import { expect, test } from "vitest";

import { isAllowedHost } from "./allowed-host.ts";

const names = { host: "pool.lan", publicUrl: new URL("https://onepool.example.com") };

test.each([
  "127.0.0.1",
  "127.0.0.1:4040",
  "[::1]:4040",
  "192.168.1.7:4040",
  "localhost",
  "LOCALHOST:4040",
  "localhost.:4040",
  "demo.localhost:4040",
  "pool.lan:4040",
  "onepool.example.com",
  hostname(),
])("answers to %s", (header) => expect(isAllowedHost(header, names)).toBe(true));

test.each([
  undefined,
  "",
  "evil.example",
  "evil.example:4040",
  "127.0.0.1.evil.example",
  "localhost.evil.example",
  "notlocalhost",
  "onepool.example.com.evil.example",
  "127.0.0.1@evil.example",
  "127.0.0.1:4040/evil.example",
  "[::1",
  "evil.example, 127.0.0.1",
])("does not answer to %s", (header) => expect(isAllowedHost(header, names)).toBe(false));
