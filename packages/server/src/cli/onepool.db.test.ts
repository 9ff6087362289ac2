import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { sealed } from "../auth/secret-box.ts";
import { hashOf } from "../auth/token.ts";
import { openLedger } from "../ledger/ledger.ts";
import { createLog } from "../log/log.ts";
import { readSettings } from "../settings/settings.ts";
import { createTestDatabase } from "../testing/create-test-database.ts";
import { runOnepool, type CommandAnswer } from "../testing/server-process.ts";
import { testDatabase } from "../testing/test-database.ts";
import { runCommand } from "./run-command.ts";

const database = await testDatabase();
const folder = await mkdtemp(path.join(tmpdir(), "onepool-cli-"));
const secretKey = "a secret key of some length";

afterAll(() => rm(folder, { recursive: true, force: true }));

function onepool(...words: string[]): Promise<CommandAnswer> {
  return onepoolOn(database.url, ...words);
}

function onepoolOn(url: string, ...words: string[]): Promise<CommandAnswer> {
  return run(words, {
    DATABASE_URL: url,
    ONEPOOL_DATA: path.join(folder, "data"),
    ONEPOOL_SECRET_KEY: secretKey,
  });
}

/** In this process: starting another for every word takes a minute. */
async function run(words: readonly string[], environment: Record<string, string>): Promise<CommandAnswer> {
  let printed = "";
  let noted = "";
  const code = await runCommand(words, {
    settings() {
      const answer = readSettings({ environment, folder });
      if (!answer.ok) throw new Error(answer.sentences.join());
      return answer.settings;
    },
    folder,
    print: (line) => (printed += `${line}\n`),
    note: (line) => (noted += `${line}\n`),
  });
  return { code, printed, noted };
}

describe("words that are not understood are answered with how they are written, exit code 2", () => {
  test.each([
    [["sell"], 'There is no command "sell"'],
    [["key"], 'There is no command "key"'],
    [["key", "add", "--role", "read"], "--seller CODE is missing"],
    [
      ["key", "add", "--seller", "default", "--role", "owner"],
      '"owner" is no role: give read, operate, admin',
    ],
    [["key", "revoke"], "KEY-ID is missing"],
    [["key", "revoke", "opk_0123456789"], "its id is what `key list` shows"],
    [["key", "list", "now"], '"now" is one word too many'],
    [["key", "list", "--all"], "Unknown option '--all'"],
    [["seller", "add", "a\nb"], "no control characters"],
    [["seller", "add", "x", "--time-zone", "Mars/Base"], "Mars/Base is no time zone"],
    [["backup"], "FILE is missing"],
  ])("%j", async (words, sentence) => {
    const answer = await onepool(...words);
    expect(answer.code).toBe(2);
    expect(answer.printed).toBe("");
    expect(answer.noted).toContain(sentence);
    expect(answer.noted).not.toContain("0123456789");
  });
});

test("help names every command and needs neither settings nor database", async () => {
  const answer = await runOnepool(["help"], { ONEPOOL_PORT: "nonsense" });
  expect(answer).toMatchObject({ code: 0, noted: "" });
  for (const name of [
    "seller add",
    "key add",
    "key list",
    "key revoke",
    "link",
    "backup",
    "restore",
    "verify",
    "migrate",
  ])
    expect(answer.printed).toContain(`  ${name} `);
  expect((await onepool("help", "key", "add")).printed).toContain(
    "--seller CODE --role read|operate|admin [--label TEXT]",
  );
  expect((await onepool("key", "add", "--help")).printed).toContain("[--label TEXT]");
});

test("the program itself ends with the exit code and says wrong words on its standard error output", async () => {
  expect(await runOnepool(["sell"], {})).toEqual({
    code: 2,
    printed: "",
    noted: expect.stringContaining("There is no command"),
  });
});

test("a wrong setting is named", async () => {
  const answer = await runOnepool(["key", "list"], { ONEPOOL_PORT: "nonsense" });
  expect(answer).toMatchObject({ code: 1, printed: "" });
  expect(answer.noted).toContain('ONEPOOL_PORT ("nonsense") cannot be used');
});

describe("sellers and keys", () => {
  test("a seller is added once, with its location", async () => {
    expect(
      await onepool("seller", "add", "acme", "--name", "Acme", "--time-zone", "America/Mexico_City"),
    ).toMatchObject({ code: 0 });
    expect(await onepool("seller", "add", "acme")).toMatchObject({
      code: 1,
      noted: expect.stringContaining("There is a seller acme already"),
    });
    const { rows } = await database.pool.query(
      "select s.name, s.time_zone, l.code as location, l.kind from seller s join location l using (seller_id) where s.code = 'acme'",
    );
    expect(rows).toEqual([
      { name: "Acme", time_zone: "America/Mexico_City", location: "main", kind: "warehouse" },
    ]);
    expect((await onepool("seller", "list")).printed).toMatch(/^acme\tAcme\t/m);
  });

  test("a key is printed once, alone on the standard output, and only its hash is kept", async () => {
    const added = await onepool("key", "add", "--seller", "acme", "--role", "operate", "--label", "robot");
    const key = added.printed.trim();
    expect(key).toMatch(/^opk_[\w-]{43}$/);
    const keyId = /key_\w+/.exec(added.noted)?.[0] ?? "";
    const { rows } = await database.pool.query("select * from api_key where key_id = $1", [keyId]);
    expect(rows).toMatchObject([{ key_hash: hashOf(key), role: "operate", label: "robot" }]);
    const listed = await onepool("key", "list");
    expect(listed.printed).toMatch(new RegExp(`^${keyId}\tacme\toperate\t[^\t]+\tvalid\trobot$`, "m"));
    expect(listed.printed).not.toContain(key);

    expect(await onepool("key", "revoke", keyId)).toMatchObject({ code: 0, printed: `Revoked ${keyId}.\n` });
    expect((await onepool("key", "list")).printed).toMatch(new RegExp(`^${keyId}\t.*\trevoked `, "m"));
    expect(await onepool("key", "revoke", "key_nope")).toMatchObject({ code: 1 });
  });

  test("a key of the seller default may be made before the first start", async () => {
    expect(await onepool("key", "add", "--seller", "default", "--role", "admin")).toMatchObject({ code: 0 });
    expect(await onepool("key", "add", "--seller", "nobody", "--role", "admin")).toMatchObject({
      code: 1,
      noted: expect.stringContaining("There is no seller nobody"),
    });
  });

  test("a link is an address that signs in", async () => {
    const { printed } = await onepool("link", "--seller", "acme", "--role", "read");
    const token = new URL(printed.trim()).searchParams.get("link") ?? "";
    const { rows } = await database.pool.query(
      "select kind, role from browser_session where token_hash = $1",
      [hashOf(token)],
    );
    expect(rows).toEqual([{ kind: "link", role: "read" }]);
  });
});

describe("backup, restore and verify", () => {
  test("go round: the same rows in another database, credentials still encrypted", async () => {
    const credentials = sealed(secretKey).seal('{"clientSecret":"hush-hush"}');
    const sellerId = await stockSomething(credentials);
    expect(await onepool("backup", "all.backup")).toMatchObject({
      code: 0,
      printed: expect.stringContaining(folder),
    });
    expect(await onepool("backup", "all.backup")).toMatchObject({
      code: 1,
      noted: expect.stringContaining("exists already"),
    });

    const other = await createTestDatabase({ empty: true });
    try {
      expect(await onepoolOn(other.url, "restore", "all.backup")).toMatchObject({
        code: 0,
        printed: expect.stringContaining("every balance equals its movements"),
      });
      const balance = "select sum(units)::int as units from movement where seller_id = $1";
      const restored = await other.database.pool.query(balance, [sellerId]);
      expect(restored.rows).toEqual((await database.pool.query(balance, [sellerId])).rows);
      const sealedAgain = await other.database.pool.query(
        "select credentials from connection where credentials is not null",
      );
      expect(sealed(secretKey).open(sealedAgain.rows[0].credentials)).toContain("hush-hush");
      expect(await onepoolOn(other.url, "verify")).toMatchObject({ code: 0 });
      expect(await onepoolOn(other.url, "restore", "all.backup")).toMatchObject({
        code: 1,
        noted: expect.stringContaining("needs an empty database"),
      });
    } finally {
      await other.drop();
    }
  });

  test("a difference is found and makes the exit code 1", async () => {
    expect(await onepool("verify")).toMatchObject({
      code: 0,
      printed: expect.stringContaining("Nothing differs"),
    });
    await database.pool.query(
      "update head set seq = seq + 1 where seller_id = (select seller_id from seller where code = 'acme')",
    );
    const answer = await onepool("verify", "--seller", "acme");
    expect(answer.code).toBe(1);
    expect(answer.printed.trim().split("\n").length).toBeGreaterThan(0);
    expect(answer.noted).toMatch(/^\d+ differences in /);
    expect(await onepool("verify", "--seller", "default")).toMatchObject({ code: 0 });
  });

  test("a file that is no backup is refused", async () => {
    const other = await createTestDatabase({ empty: true });
    try {
      const answer = await onepoolOn(other.url, "restore", path.join(import.meta.dirname, "onepool.ts"));
      expect(answer).toMatchObject({ code: 1, printed: "" });
      expect(answer.noted.trim().split("\n")).toHaveLength(1);
    } finally {
      await other.drop();
    }
  });

  test("verify does not migrate", async () => {
    const other = await createTestDatabase({ empty: true });
    try {
      expect(await onepoolOn(other.url, "verify")).toMatchObject({
        code: 1,
        noted: expect.stringContaining("run `migrate` first"),
      });
      expect(await onepoolOn(other.url, "migrate")).toMatchObject({
        code: 0,
        printed: expect.stringContaining("0001_create_ledger"),
      });
      expect(await onepoolOn(other.url, "migrate")).toMatchObject({
        code: 0,
        printed: expect.stringContaining("The schema is current"),
      });
      expect(await onepoolOn(other.url, "verify")).toMatchObject({ code: 0 });
    } finally {
      await other.drop();
    }
  });
});

test("a database that cannot be reached is one sentence", async () => {
  const answer = await onepoolOn("postgres://nobody:hush@127.0.0.1:1/nothing", "key", "list");
  expect(answer.code).toBe(1);
  expect(answer.noted.trim().split("\n")).toHaveLength(1);
  expect(answer.noted).not.toContain("hush");
});

async function stockSomething(credentials: Buffer): Promise<number> {
  const { rows } = await database.pool.query<{ seller_id: number }>(
    "select seller_id from seller where code = 'acme'",
  );
  const sellerId = rows[0]?.seller_id ?? 0;
  const clock = { now: () => Date.now() };
  const pool = database.openPool({ max: 1, pipeline: true });
  const ledger = openLedger({ pool, clock, log: createLog({ level: "silent" }) });
  const answer = await ledger.submit({
    sellerId,
    commands: [
      { kind: "put_sku", sku: "KB-M", attributes: { title: "Knee brace" } },
      {
        kind: "movement",
        movement: "receipt",
        sku: "KB-M",
        location: "main",
        units: 40,
        externalId: "1",
        occurredAt: clock.now(),
      },
      {
        kind: "put_connection",
        code: "meli",
        connectionKind: "mercadolibre",
        credentials: credentials.toString("base64"),
      },
    ],
  });
  expect(answer).toMatchObject({ kind: "done", results: [{ ok: true }, { ok: true }, { ok: true }] });
  await ledger.close();
  return sellerId;
}
