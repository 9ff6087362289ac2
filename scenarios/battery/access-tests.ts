import type { Connector } from "@onepool/connectors/contract/connector.ts";
import { describe, expect, it } from "vitest";

import { BAD_ANSWERS, type BadAnswer } from "./bad-answers.ts";
import { type BatteryBench, valueOf } from "./battery-bench.ts";
import { type BatteryParts, benchOfEachTest, needs } from "./bench-of-each-test.ts";
import { operationsOf } from "./operations.ts";
import { secretsOf } from "./secrets-of.ts";

/** Longer than any access token lives, shorter than any refresh token. In milliseconds. */
const A_DAY_MS = 24 * 3_600_000;

/** Tokens: got, used up, refused and ended. */
export function accessTests(parts: BatteryParts): void {
  describe("access", () => {
    const bench = benchOfEachTest(parts);

    it("is renewed once when the token ends in the middle of a batch", async () => {
      const { connector, channel, wire } = bench();
      await batch(bench(), connector);
      await channel.advance(A_DAY_MS);
      wire.clear();
      await batch(bench(), connector);
      expect(wire.count("token")).toBe(1);
    });

    it("is renewed once when the channel ends the token before its time", async () => {
      const { channel, wire } = bench();
      const connector = bench().connect({ clock: standingStill(bench()) });
      await batch(bench(), connector);
      await channel.advance(A_DAY_MS);
      wire.clear();
      await batch(bench(), connector);
      expect(wire.count("token")).toBe(1);
    });

    it("is got once, however many processes begin at the same time", async () => {
      await together(bench(), [bench().connect(), bench().connect()]);
      expect(bench().wire.count("token")).toBe(1);
    });

    it("is renewed once, however many processes find the token refused at the same time", async () => {
      const clock = standingStill(bench());
      const processes = [bench().connect({ clock }), bench().connect({ clock })];
      await together(bench(), processes);
      await bench().channel.advance(A_DAY_MS);
      bench().wire.clear();
      await together(bench(), processes);
      expect(bench().wire.count("token")).toBe(1);
    });

    it("that the seller ended is told as such, once, and the channel is left alone after it", async ({
      skip,
    }) => {
      needs(skip, parts.subject.faults.revoked);
      const { channel, wire } = bench();
      const connector = bench().connect({ clock: standingStill(bench()) });
      await batch(bench(), connector);
      await channel.setFaults("revoked");
      wire.clear();
      await expectAuth(bench(), connector);
      expect(wire.count("token")).toBeLessThanOrEqual(1);
      const refused = wire.calls.length;
      await expectAuth(bench(), connector);
      await expectAuth(bench(), bench().connect());
      // A token that still counts as good may be tried; the one that gets new ones is not asked for again.
      expect(wire.count("token")).toBeLessThanOrEqual(1);
      expect(wire.calls.length - refused).toBeLessThanOrEqual(2);
    });

    it("that stays refused with a new token is told as such, without a loop", async () => {
      const { wire, connector } = bench();
      await batch(bench(), connector);
      const { status, body } = parts.subject.refusal;
      wire.spoil(({ at }) => (at === "api" ? { kind: "answer", status, body: JSON.stringify(body) } : null));
      await expectAuth(bench(), connector);
      expect(wire.count("api")).toBeLessThanOrEqual(2);
      expect(wire.count("token")).toBeLessThanOrEqual(1);
    });
  });
}

/** The token endpoint's answers, and where tokens may be seen. */
export function tokenTests(parts: BatteryParts): void {
  describe("the token endpoint", () => {
    const bench = benchOfEachTest(parts);

    it.for(BAD_ANSWERS)("may stumble without the access being given up: $name", async (bad) => {
      await stumble(bench(), bad);
    });

    it.for([
      ["a proxy's 401", 401, "<html>log in first</html>"],
      ["a proxy's 403", 403, "<html>not from here</html>"],
      ["a 404", 404, "not found"],
      ["another JSON", 200, '{"access_token":5,"refresh_token":{},"expires_in":"soon"}'],
    ] as const)(
      "may be something else without the access being given up: %s",
      async ([name, status, body]) => {
        const spoil = () => ({ kind: "answer" as const, status, body });
        await stumble(bench(), { name, kinds: ["transient", "bug"], spoil });
      },
    );
  });

  describe("a token", () => {
    const bench = benchOfEachTest(parts);

    it("is sent to the channel in headers alone, and a secret to the token endpoint in the body alone", async () => {
      const at = { orderId: await bench().sell(), now: bench().channel.clock.now() };
      for (const operation of operationsOf(parts.subject)) await operation.run(bench().connector, at);
      const secrets = secretsOf(bench().channel.credentials, bench().wire.grants);
      expect(secrets.length).toBeGreaterThan(1);
      const places = bench().wire.calls.map(({ at: end, target, body, headers }) =>
        end === "api" ? target + body : target + JSON.stringify(headers),
      );
      expect(places.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
    });

    it.for([400, 401, 403, 404, 409, 422, 429, 500])(
      "is in no error, though the channel's %s repeats all it was sent",
      async (status) => {
        const at = { orderId: await bench().sell(), now: bench().channel.clock.now() };
        for (const shape of echoes) {
          bench().wire.spoil(({ at: end, headers }) =>
            end === "token" ? null : { kind: "answer", status, body: shape(JSON.stringify(headers)) },
          );
          for (const operation of operationsOf(parts.subject)) await operation.run(bench().connector, at);
        }
        expect(bench().errors.length).toBeGreaterThan(0);
      },
    );

    it.for([400, 401, 403, 500])(
      "is in no error, though the token endpoint's %s repeats all it was sent",
      async (status) => {
        for (const shape of echoes) {
          bench().wire.spoil(({ at, body }) =>
            at === "api" ? null : { kind: "answer", status, body: shape(decodeURIComponent(body)) },
          );
          await bench().read();
        }
        expect(bench().errors.length).toBeGreaterThan(0);
      },
    );
  });
}

/** Error bodies of the shapes that vendors use, each with words of the request in them. */
const echoes: readonly ((sent: string) => string)[] = [
  (sent) => `cannot take ${sent}`,
  (sent) => JSON.stringify({ message: `cannot take ${sent}`, error: "bad_request", status: 400, cause: [] }),
  (sent) => JSON.stringify({ error: sent, error_description: `cannot take ${sent}` }),
  (sent) => JSON.stringify({ errors: [{ code: sent, message: `cannot take ${sent}`, details: sent }] }),
  (sent) => JSON.stringify({ message: "no", cause: [{ code: sent, message: sent }], code: sent }),
];

/** A clock by which a token never ends, so that the channel is the one to say so. */
function standingStill(bench: BatteryBench): { now(): number } {
  const now = bench.channel.clock.now();
  return { now: () => now };
}

/** Calls of several kinds, one after the other; all of them go through. */
async function batch(bench: BatteryBench, connector: Connector): Promise<void> {
  const { plain, more, opening } = bench.subject.listings;
  for (const externalId of [plain, ...more.slice(0, 2)]) {
    valueOf(await connector.pushQuantity({ externalId, quantity: opening }));
    for (const reading of await connector.readListings([externalId])) valueOf(reading);
  }
  valueOf(await connector.listChangedOrders({ from: bench.channel.clock.now() - 3_600_000 }));
}

async function together(bench: BatteryBench, processes: readonly Connector[]): Promise<void> {
  const { plain, more } = bench.subject.listings;
  const reads = processes.flatMap((one) => [one.readListings([plain]), one.readListings(more.slice(0, 1))]);
  for (const reading of (await Promise.all(reads)).flat()) valueOf(reading);
}

async function expectAuth(bench: BatteryBench, connector: Connector): Promise<void> {
  const { plain } = bench.subject.listings;
  for (const reading of await connector.readListings([plain]))
    expect(reading).toMatchObject({ ok: false, error: { kind: "auth" } });
}

/** The first token call goes wrong; nothing is told as ended, and the next one works. */
async function stumble(bench: BatteryBench, bad: BadAnswer): Promise<void> {
  const { plain } = bench.subject.listings;
  const now = bench.channel.clock.now();
  bench.wire.spoil(({ at }) => (at === "token" ? bad.spoil({ baseUrl: bench.wire.baseUrl, now }) : null));
  const read = (connector: Connector) => connector.readListings([plain]);
  for (const reading of bad.isSlow === true ? await bench.hastily(read) : await read(bench.connect()))
    expect(reading).toMatchObject({ ok: false, error: { kind: expect.toBeOneOf([...bad.kinds]) } });
  expect(bench.wire.count("api")).toBe(0);
  bench.wire.clear();
  for (const reading of await bench.connect().readListings([plain])) valueOf(reading);
}
