import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import { type BatteryParts, benchOfEachTest, needed } from "./bench-of-each-test.ts";

/** What a channel says of itself, and what a seller enters. */
export function settingsTests(parts: BatteryParts): void {
  capabilityData(parts);
  connection(parts);
  queue(parts);
  consent(parts);
}

function capabilityData(parts: BatteryParts): void {
  const { kind } = parts.subject;
  const { capability } = kind;

  describe("the capability", () => {
    it("is data that makes sense", () => {
      expect(capability.kind).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(capability.title).toMatch(/\S/);
      expect(capability.quantityMax).toBeGreaterThan(0);
      expect(capability.readBatchSize).toBeGreaterThan(0);
      for (const duration of [
        capability.ownOrderSettlesMs,
        capability.writeAppliesWithinMs,
        capability.orderPollOverlapMs,
        capability.orderListLagMs,
      ])
        expect(duration).toBeGreaterThanOrEqual(0);
      expect(capability.orderPollIntervalMs).toBeGreaterThan(0);
      expect(capability.missedNoticesIntervalMs ?? 1).toBeGreaterThan(0);
      for (const [budget, { perMinute, burst }] of Object.entries(capability.limits)) {
        expect(perMinute, budget).toBeGreaterThan(0);
        expect(burst, budget).toBeGreaterThanOrEqual(1);
      }
    });

    it("and the connector agree on what there is", () => {
      expect(kind.queueOf !== undefined).toBe(capability.orderNews === "queue");
    });
  });
}

function connection(parts: BatteryParts): void {
  const { kind, wrongSettings } = parts.subject;
  const { capability } = kind;

  describe("a connection", () => {
    const bench = benchOfEachTest(parts);

    it("has what its capability promises, and calls nothing by being opened", () => {
      const connector = bench().connect();
      expect(connector.listMissedNotices !== undefined).toBe(capability.missedNoticesIntervalMs !== null);
      expect(bench().wire.calls).toEqual([]);
    });

    it.for(Object.entries(wrongSettings))("names the setting that is wrong: %s", ([name, value]) => {
      const opened = bench().tryConnect({ settings: { [name]: value } });
      expect(opened).toMatchObject({
        ok: false,
        error: { kind: "auth", code: "wrong_settings", message: expect.stringContaining(name) },
      });
    });

    it("names the credential that is missing or wrong, and never what was entered", () => {
      const entered = bench().storedCredentials();
      expect(Object.keys(entered).length).toBeGreaterThan(0);
      for (const name of Object.keys(entered))
        for (const value of [undefined, "", 5, {}, [entered[name]]]) {
          const opened = bench().tryConnect({ credentials: { ...entered, [name]: value } });
          expect(opened, `${name}: ${typeof value}`).toMatchObject({
            ok: false,
            error: { kind: "auth", code: "wrong_credentials", message: expect.stringContaining(name) },
          });
          expect(JSON.stringify(opened)).not.toContain(entered["clientSecret"] ?? "no such secret");
        }
    });

    it("is refused, not broken, by settings and credentials of no shape", () => {
      const { row, channel } = bench();
      for (const nothing of [null, undefined, 1, "x", []]) {
        const refused = { ok: false, error: { kind: "auth" } };
        expect(bench().tryConnect({ credentials: nothing })).toMatchObject(refused);
        const access = { connection: row.connection, tokens: row.open(channel.clock), clock: channel.clock };
        const credentials = bench().storedCredentials();
        const opened = kind.connect({ ...access, settings: nothing, credentials });
        if (!opened.ok) expect(opened).toMatchObject(refused);
        expect((kind.capabilityOf?.(nothing) ?? capability).kind).toBe(capability.kind);
      }
    });
  });
}

function queue(parts: BatteryParts): void {
  const { kind } = parts.subject;

  describe("a connection's queue", () => {
    it("is read from its settings, or is none, or is wrong by name", ({ skip }) => {
      const { settings, credentials, address } = needed(skip, parts.subject.queue);
      if (kind.queueOf === undefined) throw new Error("the capability promises a queue");
      const entered = { clientId: "1", clientSecret: "a-secret" };
      const named = kind.queueOf({ settings, credentials: { ...entered, ...credentials } });
      expect(named).toEqual({ ok: true, value: address });
      expect(kind.queueOf({ settings: {}, credentials: entered })).toEqual({ ok: true, value: null });
      for (const name of Object.keys(settings)) {
        const wrong = kind.queueOf({
          settings: { ...settings, [name]: "nowhere" },
          credentials: { ...entered, ...credentials },
        });
        expect(wrong).toMatchObject({ error: { kind: "auth", message: expect.stringContaining(name) } });
      }
      const keyless = kind.queueOf({ settings, credentials: entered });
      expect(keyless).toMatchObject({ ok: false, error: { kind: "auth", code: "wrong_credentials" } });
    });
  });
}

function consent(parts: BatteryParts): void {
  const { kind } = parts.subject;

  describe("a connection", () => {
    const bench = benchOfEachTest(parts);

    it("is granted by the seller in a browser: the code is good once, and no secret is in an address", async ({
      skip,
    }) => {
      const page = needed(skip, bench().channel.consent);
      const { authorization } = kind;
      if (authorization === undefined) return skip("not applicable: there is no grant in a browser");
      const codeVerifier = "v".repeat(64);
      const codeChallenge = createHash("sha256").update(codeVerifier).digest("base64url");
      const { baseUrl, tokenUrl } = bench().wire;
      const settings = bench().channel.settings({ baseUrl, tokenUrl, timeoutMs: 20_000 });
      const shared = { settings, credentials: bench().storedCredentials(), redirectUri: page.redirectUri };
      const asked = authorization.urlOf({ ...shared, state: "the-state", codeChallenge });
      if (!asked.ok) throw new Error(asked.error.message);
      expect(asked.value.href).not.toContain(bench().storedCredentials()["clientSecret"] ?? "no such secret");
      const back = await page.agree(asked.value);
      expect(back.searchParams.get("state")).toBe("the-state");
      const code = back.searchParams.get("code") ?? "";
      const { clock } = bench().channel;
      const granted = await authorization.exchange({ ...shared, code, codeVerifier, clock });
      expect(granted).toMatchObject({ ok: true, value: { expiresAt: expect.any(Number) } });
      const again = await authorization.exchange({ ...shared, code, codeVerifier, clock });
      expect(again).toMatchObject({ ok: false, error: { kind: "auth" } });
      expect(JSON.stringify(again)).not.toContain(code);
    });
  });
}
