import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { resolveSecretKey } from "./secret-key.ts";

let dataFolder: string;
beforeEach(() => {
  dataFolder = path.join(mkdtempSync(path.join(tmpdir(), "onepool-key-")), "data");
});
afterEach(() => rmSync(path.dirname(dataFolder), { recursive: true, force: true }));

test("a given key is used and nothing is written", async () => {
  const answer = await resolveSecretKey({ dataFolder, secretKey: "x".repeat(32) });
  expect(answer).toEqual({ ok: true, secretKey: "x".repeat(32), made: false });
  expect(() => statSync(dataFolder)).toThrow("ENOENT");
});

test("the first start makes one that only its owner reads, the next finds it", async () => {
  const first = await resolveSecretKey({ dataFolder, secretKey: undefined });
  expect(first).toMatchObject({ ok: true, made: true, secretKey: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(statSync(path.join(dataFolder, "secret-key")).mode & 0o777).toBe(0o600);
  expect(await resolveSecretKey({ dataFolder, secretKey: undefined })).toEqual({ ...first, made: false });
});

test("starters at the same moment agree on one", async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => resolveSecretKey({ dataFolder, secretKey: undefined })),
  );
  const keys = new Set(answers.map((answer) => (answer.ok ? answer.secretKey : answer.sentence)));
  expect(keys.size).toBe(1);
  expect(answers.filter((answer) => answer.ok && answer.made)).toHaveLength(1);
  expect(readdirSync(dataFolder)).toEqual(["secret-key"]);
});

test("a file that others could read is closed", async () => {
  await resolveSecretKey({ dataFolder, secretKey: undefined });
  const file = path.join(dataFolder, "secret-key");
  chmodSync(file, 0o644);
  const before = readFileSync(file, "utf8").trim();
  expect(await resolveSecretKey({ dataFolder, secretKey: undefined })).toMatchObject({
    ok: true,
    secretKey: before,
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a damaged file is refused and left alone", async () => {
  await resolveSecretKey({ dataFolder, secretKey: undefined });
  const file = path.join(dataFolder, "secret-key");
  writeFileSync(file, "");
  expect(await resolveSecretKey({ dataFolder, secretKey: undefined })).toMatchObject({
    ok: false,
    sentence: expect.stringContaining("damaged"),
  });
  expect(readFileSync(file, "utf8")).toBe("");
});

test("a data folder that is a file is one clear sentence", async () => {
  writeFileSync(dataFolder, "");
  expect(await resolveSecretKey({ dataFolder, secretKey: undefined })).toMatchObject({
    ok: false,
    sentence: expect.stringMatching(
      /secret-key cannot be read or made \((ENOTDIR|EEXIST)\).*ONEPOOL_SECRET_KEY/,
    ),
  });
});
