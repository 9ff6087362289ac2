import { describe, expect, it } from "vitest";

import { connectionOf, queueArnOf, queueOf } from "./settings.ts";

const settings = { sellerId: "A3TH9S8BH6GOGM", marketplaceId: "ATVPDKIKX0DER" };
const credentials = { clientId: "c", clientSecret: "s", refreshToken: "Atzr|1" };
const aws = { awsAccessKeyId: "AKIA1", awsSecretAccessKey: "k" };
const queueUrl = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders";

describe("a connection", () => {
  it("needs the seller and the marketplace, and knows the rest", () => {
    expect(connectionOf({ settings, credentials })).toMatchObject({
      ok: true,
      value: {
        account: settings,
        baseUrl: new URL("https://sellingpartnerapi-na.amazon.com"),
        tokenUrl: new URL("https://api.amazon.com/auth/o2/token"),
        timeoutMs: 10_000,
      },
    });
  });

  it.each([
    [{ sellerId: undefined }, "sellerId"],
    [{ sellerId: "A/../B" }, "sellerId"],
    [{ marketplaceId: "US" }, "marketplaceId"],
    [{ baseUrl: "na" }, "baseUrl"],
    [{ tokenUrl: 5 }, "tokenUrl"],
    [{ timeoutMs: 0 }, "timeoutMs"],
  ])("with %j names what is wrong", (wrong, name) => {
    expect(connectionOf({ settings: { ...settings, ...wrong }, credentials })).toMatchObject({
      ok: false,
      error: { kind: "auth", code: "wrong_settings", message: expect.stringContaining(name) },
    });
  });

  it.each(["clientId", "clientSecret"])("without %s names it", (name) => {
    expect(connectionOf({ settings, credentials: { ...credentials, [name]: "" } })).toMatchObject({
      ok: false,
      error: { kind: "auth", code: "wrong_credentials", message: expect.stringContaining(name) },
    });
  });
});

describe("the queue", () => {
  const queue = (more: object, keys: object = aws) =>
    queueOf({ settings: { ...settings, ...more }, credentials: { ...credentials, ...keys } });

  it("is none where the settings name none: orders are polled", () => {
    expect(queue({}, {})).toEqual({ ok: true, value: null });
    expect(queueOf({ settings: null, credentials: null })).toMatchObject({ ok: false });
  });

  it("tells its region in its address, or in the settings", () => {
    const keys = { accessKeyId: "AKIA1", secretAccessKey: "k" };
    expect(queue({ queueUrl })).toEqual({ ok: true, value: { queueUrl, region: "eu-west-1", ...keys } });
    const own = {
      queueUrl: "http://127.0.0.1:9324/000000000000/orders",
      queueEndpoint: "http://127.0.0.1:9324",
    };
    expect(queue({ ...own, queueRegion: "elsewhere" })).toEqual({
      ok: true,
      value: { queueUrl: own.queueUrl, region: "elsewhere", endpoint: own.queueEndpoint, ...keys },
    });
  });

  it.each([
    [{ queueUrl: "http://127.0.0.1:9324/0/orders" }, aws, "wrong_settings", "queueRegion"],
    [{ queueUrl: "orders" }, aws, "wrong_settings", "queueUrl"],
    [{ queueUrl }, {}, "wrong_credentials", "awsAccessKeyId"],
    [{ queueUrl }, { awsAccessKeyId: "AKIA1" }, "wrong_credentials", "awsSecretAccessKey"],
  ])("with %j and %j names what is missing", (more, keys, code, name) => {
    expect(queue(more, keys)).toMatchObject({
      ok: false,
      error: { kind: "auth", code, message: expect.stringContaining(name) },
    });
  });
});

describe("the queue's ARN", () => {
  const arn = (more: object) => queueArnOf({ settings: { ...settings, ...more } });

  it.each([
    [{}, null],
    [{ queueArn: "arn:aws:sqs:eu-west-1:1:unread" }, null],
    [{ queueUrl }, "arn:aws:sqs:eu-west-1:123456789012:orders"],
    [
      { queueUrl: "http://127.0.0.1:9324/000000000000/orders", queueRegion: "elsewhere" },
      "arn:aws:sqs:elsewhere:000000000000:orders",
    ],
    [{ queueUrl, queueArn: "arn:aws:sqs:us-east-1:1:other" }, "arn:aws:sqs:us-east-1:1:other"],
  ])("of %j is %j", (more, value) => {
    expect(arn(more)).toEqual({ ok: true, value });
  });

  it.each([
    [{ queueUrl: "http://127.0.0.1:9324/0/orders" }, "queueArn"],
    [{ queueUrl: "https://sqs.eu-west-1.amazonaws.com/orders" }, "queueArn"],
    [{ queueUrl, queueArn: "orders" }, "queueArn"],
    [{ queueUrl: `${queueUrl}.fifo` }, "FIFO"],
  ])("of %j is not known", (more, name) => {
    expect(arn(more)).toMatchObject({
      ok: false,
      error: { kind: "auth", code: "wrong_settings", message: expect.stringContaining(name) },
    });
  });
});
