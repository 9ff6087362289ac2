import { describe, expect, test } from "vitest";

import { createLog } from "./log.ts";
import { isSecretName } from "./redact.ts";

const apiKey = "opk_9fJ2kLq0Zr7TtVw3Xy5Bb8Nn1Mm4Cc6Dd";
const vendorToken = "APP_USR-1234567890-112345-abcdef0123456789-987654";
const refreshToken = "TG-5b9032b4e4b0714aed1f959f-206946886";
const secretKey = "5f0c2e7d9b8a41c63e0d5f0c2e7d9b8a41c63e0d5f0c2e7d9b8a41c63e0d5f0c";

/** Writes through a real log and answers the raw lines. */
function written(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(
    createLog({
      level: "trace",
      secrets: [secretKey, undefined],
      destination: { write: (line) => void lines.push(line) },
    }),
  );
  return lines.join("");
}

test("a line is JSON with level, time, message and fields", () => {
  const line = written((log) => log.info({ stage: "ledger", seller: 7, sku: "KB-M" }, "batch committed"));
  expect(JSON.parse(line)).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    stage: "ledger",
    seller: 7,
    sku: "KB-M",
    msg: "batch committed",
  });
});

describe("secrets are never written", () => {
  const error = Object.assign(
    new Error(`request with ${apiKey} failed at postgres://onepool:hunter22@db/x`),
    {
      code: "ECONNRESET",
      config: { headers: { authorization: `Bearer ${vendorToken}` } },
      cause: new Error(`refresh_token=${refreshToken}&grant_type=refresh_token`),
    },
  );
  const cases: [string, object | string][] = [
    [
      "a header",
      {
        headers: {
          authorization: `Bearer ${apiKey}`,
          cookie: `session=${vendorToken}`,
          "set-cookie": [vendorToken],
        },
      },
    ],
    ["a header's line in text", { detail: `GET / HTTP/1.1\nAuthorization: Bearer ${apiKey}` }],
    ["a URL", { url: `/?link=${apiKey}`, hook: `https://x.example/hooks/mercadolibre/${vendorToken}?a=1` }],
    ["a query", { url: `https://api.example/x?access_token=${vendorToken}&y=1` }],
    ["an OAuth code", { url: `/callback?code=${refreshToken}&state=1` }],
    [
      "a body",
      {
        body: {
          clientSecret: vendorToken,
          refresh_token: refreshToken,
          nested: [{ credentials: { a: apiKey } }],
        },
      },
    ],
    ["a body in text", { body: JSON.stringify({ client_secret: "hunter22", password: "hunter22" }) }],
    [
      "a body in text in a body",
      { outer: JSON.stringify({ inner: JSON.stringify({ access_token: "hunter22" }) }) },
    ],
    ["a form body in text", { body: `client_secret=hunter22&client_id=7` }],
    ["an error", { err: error }],
    ["an error inside", { result: { errors: [error] } }],
    ["an error alone", error],
    ["the message", `started with ${apiKey} and ${secretKey}`],
    ["a known secret anywhere", { anything: `x${secretKey}y`, encoded: [{ deep: secretKey }] }],
    ["a map", { sent: new Map([["apiKey", apiKey]]) }],
  ];
  const secrets = [apiKey, vendorToken, refreshToken, secretKey, "hunter22"];
  test.each(cases)("%s", (_, what) => {
    const line = written((log) => (typeof what === "string" ? log.info(what) : log.error(what, "failed")));
    expect(line).toContain("[redacted]");
    for (const secret of secrets) expect(line).not.toContain(secret);
    expect(() => JSON.parse(line)).not.toThrow();
  });

  test("a child's own fields", () => {
    const line = written((log) => log.child({ token: vendorToken, stage: "publish" }).info("ready"));
    expect(line).not.toContain(vendorToken);
    expect(JSON.parse(line)).toMatchObject({ stage: "publish", token: "[redacted]" });
  });
});

describe("what helps to find a fault stays", () => {
  test("an error's type, message, stack, code and cause", () => {
    const error = Object.assign(new TypeError("no such thing", { cause: new Error("deeper") }), {
      code: "E1",
    });
    const line = JSON.parse(written((log) => log.error({ err: error }, "failed")));
    expect(line.err).toMatchObject({
      type: "TypeError",
      message: "no such thing",
      code: "E1",
      cause: { message: "deeper" },
    });
    expect(line.err.stack).toContain("log.test.ts");
  });

  test("plain fields, also beside secrets", () => {
    const line = JSON.parse(
      written((log) =>
        log.info(
          {
            url: `/hooks/mercadolibre/${vendorToken}?topic=orders_v2`,
            sku: "KEY-TOKEN-1",
            keyId: "key_1",
            units: 3n,
          },
          "x",
        ),
      ),
    );
    expect(line).toMatchObject({
      url: "/hooks/mercadolibre/[redacted]?topic=orders_v2",
      sku: "KEY-TOKEN-1",
      keyId: "key_1",
      units: 3,
    });
  });

  test("of a request only what names it", () => {
    const request = new Request(`http://127.0.0.1/v1/skus?link=${apiKey}`, {
      headers: { authorization: apiKey },
    });
    const line = JSON.parse(
      written((log) => log.info({ req: request, since: new Date(0), body: Buffer.alloc(3) }, "x")),
    );
    expect(line).toMatchObject({
      req: { method: "GET", url: "http://127.0.0.1/v1/skus?link=[redacted]" },
      since: "1970-01-01T00:00:00.000Z",
      body: "[3 bytes]",
    });
  });

  test("a value that refers to itself does not stop the line", () => {
    const loop: Record<string, unknown> = { name: "loop" };
    loop.self = loop;
    expect(JSON.parse(written((log) => log.info({ loop }, "x"))).loop).toEqual({
      name: "loop",
      self: "[circular]",
    });
  });
});

test.each([
  ["authorization", true],
  ["Set-Cookie", true],
  ["clientSecret", true],
  ["client_secret", true],
  ["CLIENT-SECRET", true],
  ["apiKey", true],
  ["api_key", true],
  ["secretKey", true],
  ["secretAccessKey", true],
  ["x-amz-access-token", true],
  ["hookSecret", true],
  ["credentials", true],
  ["keyId", false],
  ["sku", false],
  ["tokenState", false],
  ["externalId", false],
  ["secretary", false],
  ["linked", false],
])("the name %s is secret: %s", (name, secret) => {
  expect(isSecretName(name)).toBe(secret);
});
