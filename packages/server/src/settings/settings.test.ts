import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { settingsPage } from "./settings-page.ts";
import { readSettings, type Settings } from "./settings.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "onepool-settings-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function settingsOf(environment: Record<string, string>): Settings {
  const answer = readSettings({ environment, folder });
  if (!answer.ok) throw new Error(answer.sentences.join("\n"));
  return answer.settings;
}

function sentencesOf(environment: Record<string, string>): readonly string[] {
  const answer = readSettings({ environment, folder });
  return answer.ok ? [] : answer.sentences;
}

describe("without anything given", () => {
  test("the defaults of the documentation hold", () => {
    expect(settingsOf({})).toEqual({
      host: "127.0.0.1",
      port: 4040,
      dataFolder: path.join(folder, "data"),
      databaseUrl: undefined,
      apiKey: undefined,
      secretKey: undefined,
      publicUrl: undefined,
      oversellRisk: 0.01,
      logLevel: "info",
    });
  });

  test("an empty value counts as not given", () => {
    expect(settingsOf({ ONEPOOL_PORT: "", DATABASE_URL: "  " })).toEqual(settingsOf({}));
  });
});

describe("where a value comes from", () => {
  test("the environment wins over .env", () => {
    writeFileSync(path.join(folder, ".env"), "ONEPOOL_PORT=5001\nONEPOOL_HOST=::1 # comment\n");
    expect(settingsOf({ ONEPOOL_PORT: "5002" })).toMatchObject({ port: 5002, host: "::1" });
  });

  test("a relative data folder is meant from where it was written", () => {
    expect(settingsOf({ ONEPOOL_DATA: "pool", INIT_CWD: "/srv" }).dataFolder).toBe("/srv/pool");
    writeFileSync(path.join(folder, ".env"), "ONEPOOL_DATA=pool\n");
    expect(settingsOf({ INIT_CWD: "/srv" }).dataFolder).toBe(path.join(folder, "pool"));
  });

  test("a name that is no setting is pointed out", () => {
    const answer = readSettings({ environment: { ONEPOOL_PROT: "1", ONEPOOL_TEST_SUMMARY: "x" }, folder });
    expect(answer).toMatchObject({
      ok: true,
      warnings: [expect.stringContaining("ONEPOOL_PROT is not a setting")],
    });
  });
});

describe("a wrong value is named with the mend", () => {
  test.each([
    ["ONEPOOL_HOST", "http://localhost", "without port and scheme"],
    ["ONEPOOL_HOST", "localhost:4040", "without port and scheme"],
    ["ONEPOOL_PORT", "65536", "from 0 to 65535"],
    ["ONEPOOL_PORT", "-1", "from 0 to 65535"],
    ["ONEPOOL_PORT", "0x10", "from 0 to 65535"],
    ["ONEPOOL_PORT", "4040.5", "from 0 to 65535"],
    ["DATABASE_URL", "mysql://localhost/db", "postgres://"],
    ["ONEPOOL_API_KEY", "short", "at least 8 characters"],
    ["ONEPOOL_API_KEY", "long enough but spaced", "Authorization header"],
    ["ONEPOOL_SECRET_KEY", "short", "openssl rand"],
    ["ONEPOOL_PUBLIC_URL", "onepool.example.com", "https://"],
    ["ONEPOOL_PUBLIC_URL", "https://a.example/onepool", "scheme, host and port only"],
    ["ONEPOOL_PUBLIC_URL", "https://user:pw@a.example", "user and password"],
    ["ONEPOOL_LOG_LEVEL", "loud", "one of trace"],
  ])("%s=%s", (name, value, mend) => {
    const [sentence, ...others] = sentencesOf({ [name]: value });
    expect(sentence).toContain(name);
    expect(sentence).toContain(mend);
    expect(others).toEqual([]);
  });

  test("all of them at once", () => {
    expect(sentencesOf({ ONEPOOL_PORT: "x", ONEPOOL_LOG_LEVEL: "y" })).toHaveLength(2);
  });

  test("a secret value is not repeated", () => {
    const sentences = sentencesOf({
      ONEPOOL_API_KEY: "hush hush hush",
      ONEPOOL_SECRET_KEY: "hush",
      DATABASE_URL: "mysql://u:hush@h/d",
    });
    expect(sentences).toHaveLength(3);
    expect(sentences.join()).not.toContain("hush");
  });
});

test("docs/settings.md says what the code does", () => {
  const page = path.join(import.meta.dirname, "../../../../docs/settings.md");
  expect(readFileSync(page, "utf8")).toBe(settingsPage());
});
